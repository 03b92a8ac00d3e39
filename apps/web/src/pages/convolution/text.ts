// The texts of the page "convolution".

import type { Texts } from '../../shell/language.ts';

const en = {
  title: 'Convolution',
  intro: 'A small kernel slides over the input. At each place, every number under it is multiplied by its weight, and all are summed.',
  parts: { data: 'Input', machine: 'Kernel', result: 'Output' },
  example: 'Example',
  examples: {
    sharpen: 'Sharpening',
    stride: 'Stride 2',
    padding: 'Padding 1',
    channels: 'Three channels, two filters',
    digit: 'A drawn digit',
  },
  kernel: 'Kernel',
  kernels: {
    sharpen: 'Sharpen',
    edges: 'Edges',
    vertical: 'Vertical edges',
    horizontal: 'Horizontal edges',
    identity: 'Identity',
    own: 'Your own',
  },
  weight: (channel: string, row: string, column: string) => `Weight of channel ${channel}, row ${row}, column ${column}`,
  stride: 'Stride',
  padding: 'Padding',
  filter: 'Filter',
  bias: 'Bias',
  rule: 'Rule',
  rules: { correlation: 'Correlation', convolution: 'True convolution' },
  ruleNotes: {
    correlation: 'Cross-correlation: the kernel lies as it is. Frameworks call this convolution.',
    convolution: 'True convolution: the kernel is turned by half a turn first.',
  },
  same: 'Both rules give the same here: this kernel does not change when it is turned.',
  size: (input: string, kernel: string, padding: string, stride: string, output: string) =>
    `Output size: ⌊(${input} − ${kernel} + 2·${padding}) / ${stride}⌋ + 1 = ${output}`,
  channel: (index: string) => `Channel ${index}`,
  input: (channel: string, place: string) => `Input, channel ${channel}; the window is at ${place}`,
  output: (rule: string, place: string, value: string) => `${rule}: at ${place} it is ${value}. Arrow keys move the window.`,
  place: (row: string, column: string) => `row ${row}, column ${column}`,
  sum: 'The sum',
  tooLarge: 'The kernel is larger than the padded input, so there is no output. More padding, or a smaller kernel.',
  errata:
    'The slides print 12 for row 1, column 5 of x1·w0 and 16 for row 5, column 2 of x0·w0; it is 21 and 13. The first lecture correlates, this example convolves.',
  tasks: {
    vertical:
      'On the digit, find a kernel that shows vertical edges and no horizontal ones (the columns sum to opposite numbers, the middle one to 0).',
    same: 'Choose padding so that the output is as large as the input, with stride 1.',
    equal: 'Find a kernel, not all zero, for which both rules give the same.',
    half: 'Make the output half as large as the input, rounded up.',
  },
};

const pt: typeof en = {
  title: 'Convolução',
  intro: 'Um pequeno filtro desliza sobre a entrada. Em cada lugar, cada número sob ele é multiplicado pelo seu peso, e tudo é somado.',
  parts: { data: 'Entrada', machine: 'Filtro', result: 'Saída' },
  example: 'Exemplo',
  examples: {
    sharpen: 'Nitidez',
    stride: 'Passo 2',
    padding: 'Padding 1',
    channels: 'Três canais, dois filtros',
    digit: 'Um dígito desenhado',
  },
  kernel: 'Filtro',
  kernels: {
    sharpen: 'Nitidez',
    edges: 'Bordas',
    vertical: 'Bordas verticais',
    horizontal: 'Bordas horizontais',
    identity: 'Identidade',
    own: 'O seu próprio',
  },
  weight: (channel: string, row: string, column: string) => `Peso do canal ${channel}, linha ${row}, coluna ${column}`,
  stride: 'Passo',
  padding: 'Padding',
  filter: 'Filtro',
  bias: 'Viés',
  rule: 'Regra',
  rules: { correlation: 'Correlação', convolution: 'Convolução verdadeira' },
  ruleNotes: {
    correlation: 'Correlação cruzada: o filtro fica como está. Os frameworks a chamam de convolução.',
    convolution: 'Convolução verdadeira: antes, o filtro é girado meia volta.',
  },
  same: 'Aqui as duas regras dão o mesmo: este filtro não muda quando é girado.',
  size: (input: string, kernel: string, padding: string, stride: string, output: string) =>
    `Tamanho da saída: ⌊(${input} − ${kernel} + 2·${padding}) / ${stride}⌋ + 1 = ${output}`,
  channel: (index: string) => `Canal ${index}`,
  input: (channel: string, place: string) => `Entrada, canal ${channel}; a janela está na ${place}`,
  output: (rule: string, place: string, value: string) => `${rule}: na ${place} é ${value}. As setas movem a janela.`,
  place: (row: string, column: string) => `linha ${row}, coluna ${column}`,
  sum: 'A soma',
  tooLarge: 'O filtro é maior que a entrada com padding, por isso não há saída. Mais padding, ou um filtro menor.',
  errata:
    'Os slides trazem 12 na linha 1, coluna 5 de x1·w0 e 16 na linha 5, coluna 2 de x0·w0; o certo é 21 e 13. A primeira aula correlaciona, este exemplo convolve.',
  tasks: {
    vertical: 'No dígito, ache um filtro que mostre bordas verticais e nenhuma horizontal (as colunas somam números opostos, a do meio 0).',
    same: 'Escolha o padding para que a saída seja tão grande quanto a entrada, com passo 1.',
    equal: 'Ache um filtro, não todo zero, com que as duas regras dão o mesmo.',
    half: 'Faça a saída ter metade do tamanho da entrada, arredondada para cima.',
  },
};

export const convolutionTexts: Texts<typeof en> = { en, pt };

// The texts of the page "neuron".

import type { Texts } from '../../shell/language.ts';

const en = {
  title: 'One neuron',
  intro: 'It weighs its inputs, sums them and decides. Where the sum is 0 lies a line; learning from a mistake moves it.',
  parts: { data: 'Examples', machine: 'The neuron', result: 'What it decides' },
  data: 'Examples',
  dataNames: { and: 'AND gate', or: 'OR gate', nand: 'NAND gate', xor: 'XOR gate', clouds: 'Two clouds', own: 'Your own' },
  plane: (count: string, wrong: string) =>
    `${count} points of the plane, ${wrong} of them in the wrong class. Click to add a point; with the keyboard, arrow keys move a cross and Enter adds a point there.`,
  add: 'A click adds',
  classes: ['● class 0', '■ class 1'],
  clear: 'Remove all',
  activation: 'Activation',
  activationNames: { step: 'Step (McCulloch and Pitts)', linear: 'None (linear neuron)', sigmoid: 'Sigmoid' },
  weight: (index: string) => `Weight w${index}`,
  bias: 'Bias b',
  diagram: (first: string, second: string, bias: string) => `A neuron with the weights ${first} and ${second} and the bias ${bias}`,
  rule: 'The last step of learning',
  rules: {
    step: 'Rosenblatt’s rule: only a wrong answer changes the weights.',
    linear: 'The rule of Widrow and Hoff: down the gradient of the squared error.',
    sigmoid: 'Down the gradient of the cross-entropy.',
  },
  notYet: 'It has not learnt yet: Play or One step teaches it the examples in turn.',
  learningRate: 'Learning rate η',
  right: 'All examples are right.',
  wrong: (count: string, all: string) => `${count} of ${all} wrong`,
  passes: (passes: string, steps: string) => `passes: ${passes}, steps: ${steps}`,
  learnt: 'A whole pass without a mistake: it has learnt, and nothing changes any more.',
  tasks: {
    hand: 'Set the weights and the bias by hand so that the neuron is an AND gate.',
    or: 'Let it learn the OR gate from nothing.',
    xor: 'Let it try the XOR gate for ten passes. Which line would be right?',
    own: 'Set at least six points of your own, of both classes, that it learns without a mistake.',
    explode: 'Take no activation, and a learning rate so high that a weight passes 1000.',
  },
};

const pt: typeof en = {
  title: 'Um neurônio',
  intro: 'Ele pondera as entradas, soma e decide. Onde a soma é 0 há uma reta; aprender com um erro a desloca.',
  parts: { data: 'Exemplos', machine: 'O neurônio', result: 'O que ele decide' },
  data: 'Exemplos',
  dataNames: { and: 'Porta AND', or: 'Porta OR', nand: 'Porta NAND', xor: 'Porta XOR', clouds: 'Duas nuvens', own: 'Os seus' },
  plane: (count: string, wrong: string) =>
    `${count} pontos do plano, ${wrong} deles na classe errada. Clique para pôr um ponto; no teclado, as setas movem uma cruz e Enter põe um ponto ali.`,
  add: 'Um clique põe',
  classes: ['● classe 0', '■ classe 1'],
  clear: 'Tirar todos',
  activation: 'Ativação',
  activationNames: { step: 'Degrau (McCulloch e Pitts)', linear: 'Nenhuma (neurônio linear)', sigmoid: 'Sigmoide' },
  weight: (index: string) => `Peso w${index}`,
  bias: 'Viés b',
  diagram: (first: string, second: string, bias: string) => `Um neurônio com os pesos ${first} e ${second} e o viés ${bias}`,
  rule: 'O último passo do aprendizado',
  rules: {
    step: 'Regra de Rosenblatt: só uma resposta errada muda os pesos.',
    linear: 'Regra de Widrow e Hoff: desce o gradiente do erro quadrático.',
    sigmoid: 'Desce o gradiente da entropia cruzada.',
  },
  notYet: 'Ainda não aprendeu: Iniciar ou Um passo lhe ensina os exemplos, um após o outro.',
  learningRate: 'Taxa de aprendizado η',
  right: 'Todos os exemplos estão certos.',
  wrong: (count: string, all: string) => `${count} de ${all} errados`,
  passes: (passes: string, steps: string) => `passagens: ${passes}, passos: ${steps}`,
  learnt: 'Uma passagem inteira sem erro: aprendeu, e nada muda mais.',
  tasks: {
    hand: 'Ajuste os pesos e o viés à mão para que o neurônio seja uma porta AND.',
    or: 'Deixe-o aprender a porta OR do zero.',
    xor: 'Deixe-o tentar a porta XOR por dez passagens. Que reta seria a certa?',
    own: 'Ponha pelo menos seis pontos seus, das duas classes, que ele aprenda sem erro.',
    explode: 'Escolha nenhuma ativação e uma taxa de aprendizado tão alta que um peso passe de 1000.',
  },
};

export const neuronTexts: Texts<typeof en> = { en, pt };

// The texts of the page "draw".

import type { Texts } from '../../shell/language.ts';

const en = {
  title: 'Draw a digit',
  intro: 'The network reads your digit while you draw it, and shows what each of its layers sees.',
  parts: { data: 'Your digit', machine: 'The layers', result: 'The reading' },
  canvas: 'Drawing area. Draw with mouse or finger; with the keyboard, arrow keys move the pen, and with Shift they draw.',
  clear: 'Clear',
  seen: 'The image as the network gets it: fitted and centred, like the digits it learnt from',
  learning: (accuracy: string) => `The network is still learning; on test digits it reads ${accuracy}. You can draw meanwhile.`,
  learnt: (accuracy: string) => `On test digits, this network reads ${accuracy}.`,
  network: 'It is the network of the page “Train”.',
  reads: (name: string, probability: string) => `Reads ${name}, with ${probability}`,
  nothing: 'Draw a digit.',
  probability: (name: string, probability: string) => `${name}: ${probability}`,
  layer: (name: string, count: string, size: string) => `${name}: ${count} maps of ${size}`,
  neurons: (name: string, count: string) => `${name}: ${count} neurons`,
  map: (index: string, name: string) => `Map ${index} of ${name}`,
  scale: 'Orange is below zero, blue above; each layer has its own scale.',
  tasks: {
    seven: 'Draw a seven that it reads with at least 90 %.',
    between: 'Draw something between two digits: both get between 30 % and 70 %.',
    five: 'Have five different digits read with at least 90 %.',
  },
};

const pt: typeof en = {
  title: 'Desenhar um dígito',
  intro: 'A rede lê o seu dígito enquanto você o desenha e mostra o que cada camada vê.',
  parts: { data: 'Seu dígito', machine: 'As camadas', result: 'A leitura' },
  canvas: 'Área de desenho. Desenhe com o mouse ou o dedo; no teclado, as setas movem a caneta e, com Shift, desenham.',
  clear: 'Limpar',
  seen: 'A imagem como a rede a recebe: ajustada e centrada, como os dígitos com que aprendeu',
  learning: (accuracy: string) => `A rede ainda está aprendendo; lê ${accuracy} dos dígitos de teste. Você já pode desenhar.`,
  learnt: (accuracy: string) => `Esta rede lê ${accuracy} dos dígitos de teste.`,
  network: 'É a rede da página “Treinar”.',
  reads: (name: string, probability: string) => `Lê ${name}, com ${probability}`,
  nothing: 'Desenhe um dígito.',
  probability: (name: string, probability: string) => `${name}: ${probability}`,
  layer: (name: string, count: string, size: string) => `${name}: ${count} mapas de ${size}`,
  neurons: (name: string, count: string) => `${name}: ${count} neurônios`,
  map: (index: string, name: string) => `Mapa ${index} de ${name}`,
  scale: 'Laranja é abaixo de zero, azul acima; cada camada tem a sua escala.',
  tasks: {
    seven: 'Desenhe um sete que ela leia com pelo menos 90 %.',
    between: 'Desenhe algo entre dois dígitos: ambos recebem entre 30 % e 70 %.',
    five: 'Faça com que cinco dígitos diferentes sejam lidos com pelo menos 90 %.',
  },
};

export const drawTexts: Texts<typeof en> = { en, pt };

// The texts of the page "descent".

import type { Texts } from '../../shell/language.ts';

const en = {
  title: 'Descent',
  intro:
    'Learning goes down a surface of errors, step by step, and each optimizer in its own way. The worker computes the ways; you see them step by step.',
  parts: { data: 'Surface', machine: 'Who walks', result: 'How low' },
  surface: 'Surface',
  surfaces: {
    bowl: 'Bowl',
    ravine: 'Ravine',
    saddle: 'Saddle',
    rosenbrock: 'Rosenbrock’s valley',
    minima: 'Many minima',
  },
  map: (surface: string, x: string, y: string, steps: string) =>
    `${surface} from above, with the ways after ${steps} steps from x = ${x}, y = ${y}. Click to begin elsewhere; with the keyboard, arrow keys move the start.`,
  signs: '○ start, ✕ lowest place. Click to begin elsewhere.',
  walkers: {
    sgd: 'Plain descent',
    momentum: 'Momentum',
    mean: 'Momentum, (1 − α) η',
    nesterov: 'Nesterov',
    adam: 'Adam',
  },
  rules: {
    sgd: 'w ← w − η g',
    momentum: 'v ← α v + g, w ← w − η v',
    mean: 'w ← w + α Δw − (1 − α) η g',
    nesterov: 'v ← α v + g, w ← w − η (g + α v)',
    adam: 'w ← w − η m / (√v + ε)',
  },
  learningRate: 'Learning rate η',
  noise: 'Noise',
  noiseNote: 'Noise is added to each gradient, as from small batches. α = 0.9.',
  steps: (steps: string, all: string) => `step ${steps} of ${all}`,
  walker: 'Optimizer',
  place: 'Place',
  height: 'Height',
  lost: 'lost',
  heights: (names: string, steps: string) => `Heights of ${names} over ${steps} steps`,
  tasks: {
    diverge: 'Make a walk diverge: choose a learning rate that is too high.',
    ravine: 'In the ravine, find a learning rate with which momentum arrives and plain descent does not yet.',
    saddle: 'On the saddle, begin exactly on the ridge (y = 0) and watch to the end. Then add noise.',
    rosenbrock: 'In Rosenbrock’s valley, find a learning rate with which momentum comes near (1, 1).',
    escape: 'Among many minima, let a walk reach the lowest.',
  },
};

const pt: typeof en = {
  title: 'Descida',
  intro:
    'Aprender é descer uma superfície de erros, passo a passo, e cada otimizador a seu modo. O worker calcula os caminhos; você os vê passo a passo.',
  parts: { data: 'Superfície', machine: 'Quem anda', result: 'Quão baixo' },
  surface: 'Superfície',
  surfaces: {
    bowl: 'Tigela',
    ravine: 'Ravina',
    saddle: 'Sela',
    rosenbrock: 'Vale de Rosenbrock',
    minima: 'Muitos mínimos',
  },
  map: (surface: string, x: string, y: string, steps: string) =>
    `${surface} vista de cima, com os caminhos após ${steps} passos desde x = ${x}, y = ${y}. Clique para começar em outro lugar; no teclado, as setas movem o início.`,
  signs: '○ início, ✕ lugar mais baixo. Clique para começar em outro lugar.',
  walkers: {
    sgd: 'Descida simples',
    momentum: 'Momento',
    mean: 'Momento, (1 − α) η',
    nesterov: 'Nesterov',
    adam: 'Adam',
  },
  rules: {
    sgd: 'w ← w − η g',
    momentum: 'v ← α v + g, w ← w − η v',
    mean: 'w ← w + α Δw − (1 − α) η g',
    nesterov: 'v ← α v + g, w ← w − η (g + α v)',
    adam: 'w ← w − η m / (√v + ε)',
  },
  learningRate: 'Taxa de aprendizado η',
  noise: 'Ruído',
  noiseNote: 'O ruído é somado a cada gradiente, como o de lotes pequenos. α = 0,9.',
  steps: (steps: string, all: string) => `passo ${steps} de ${all}`,
  walker: 'Otimizador',
  place: 'Lugar',
  height: 'Altura',
  lost: 'perdido',
  heights: (names: string, steps: string) => `Alturas de ${names} ao longo de ${steps} passos`,
  tasks: {
    diverge: 'Faça um caminho divergir: escolha uma taxa de aprendizado alta demais.',
    ravine: 'Na ravina, ache uma taxa com que o momento chega e a descida simples ainda não.',
    saddle: 'Na sela, comece exatamente na crista (y = 0) e veja até o fim. Depois acrescente ruído.',
    rosenbrock: 'No vale de Rosenbrock, ache uma taxa com que o momento chegue perto de (1, 1).',
    escape: 'Entre muitos mínimos, faça um caminho alcançar o mais baixo.',
  },
};

export const descentTexts: Texts<typeof en> = { en, pt };

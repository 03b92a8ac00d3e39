// The texts of the page "functions".

import type { Texts } from '../../shell/language.ts';

const en = {
  title: 'Functions',
  intro: 'An activation bends what a neuron has summed. Its slope decides how much of an error comes back through it.',
  parts: { data: 'At one place', machine: 'Softmax and loss', result: 'Curves' },
  first: 'Function',
  second: 'Compared with',
  none: 'none',
  step: 'Step',
  linear: 'Linear',
  value: (name: string, x: string) => `${name} of ${x}`,
  slope: 'its slope',
  noSlope: 'The step has no gradient: nothing can be learnt through it by descent.',
  values: 'Values',
  slopes: 'Slopes',
  curves: (names: string, x: string) => `Curves of ${names} from −6 to 6; the dots are at ${x}`,
  slopeCurves: (names: string, x: string) => `Slopes of ${names} from −6 to 6; the dots are at ${x}`,
  score: (index: string) => `Score ${index}`,
  target: 'Right class',
  probability: 'Softmax',
  gradient: 'Gradient p − t',
  loss: 'Cross-entropy −ln p of the right class',
  className: (index: string) => `class ${index}`,
  tasks: {
    saturated: 'Find a place where sigmoid or tanh is saturated: its slope is below 0.01.',
    dead: 'Find a place where ReLU lets nothing of an error back.',
    steepest: 'Where is sigmoid steepest, and how steep is it there?',
    sure: 'Make softmax more than 99 % sure of a class.',
    wrong: 'Make it so surely wrong that the loss is above 3.',
  },
};

const pt: typeof en = {
  title: 'Funções',
  intro: 'Uma ativação curva o que o neurônio somou. A inclinação decide quanto de um erro volta através dela.',
  parts: { data: 'Em um lugar', machine: 'Softmax e erro', result: 'Curvas' },
  first: 'Função',
  second: 'Comparada com',
  none: 'nenhuma',
  step: 'Degrau',
  linear: 'Linear',
  value: (name: string, x: string) => `${name} de ${x}`,
  slope: 'a sua inclinação',
  noSlope: 'O degrau não tem gradiente: nada se aprende através dele por descida.',
  values: 'Valores',
  slopes: 'Inclinações',
  curves: (names: string, x: string) => `Curvas de ${names} de −6 a 6; os pontos estão em ${x}`,
  slopeCurves: (names: string, x: string) => `Inclinações de ${names} de −6 a 6; os pontos estão em ${x}`,
  score: (index: string) => `Pontuação ${index}`,
  target: 'Classe certa',
  probability: 'Softmax',
  gradient: 'Gradiente p − t',
  loss: 'Entropia cruzada −ln p da classe certa',
  className: (index: string) => `classe ${index}`,
  tasks: {
    saturated: 'Ache um lugar em que sigmoid ou tanh está saturada: a inclinação é menor que 0,01.',
    dead: 'Ache um lugar em que a ReLU não deixa voltar nada de um erro.',
    steepest: 'Onde a sigmoid é mais inclinada, e quanto?',
    sure: 'Faça a softmax ter mais de 99 % de certeza de uma classe.',
    wrong: 'Faça-a errar com tanta certeza que o erro passe de 3.',
  },
};

export const functionsTexts: Texts<typeof en> = { en, pt };

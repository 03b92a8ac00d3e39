// The activations of the page, as plain data.

export const functionNames = [
  'step',
  'sigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'swish',
  'softplus',
  'softsign',
  'linear',
] as const;
export type FunctionName = (typeof functionNames)[number];

/** What x lies within, on either side of 0. */
export const REACH = 6;

/** How each is written. Φ is the distribution function of the normal distribution. */
export const formulas: Readonly<Record<FunctionName, string>> = {
  step: '1 if x > 0, else 0',
  sigmoid: '1 / (1 + e⁻ˣ)',
  tanh: '(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)',
  relu: 'max(0, x)',
  leakyRelu: 'max(0.01 x, x)',
  elu: 'x if x > 0, else eˣ − 1',
  selu: '1.0507 · (x if x > 0, else 1.6733 (eˣ − 1))',
  gelu: 'x · Φ(x)',
  swish: 'x / (1 + e⁻ˣ)',
  softplus: 'ln(1 + eˣ)',
  softsign: 'x / (1 + |x|)',
  linear: 'x',
};

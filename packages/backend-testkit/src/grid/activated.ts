// Parameters and values for kernels that end in a bias and an activation.

import type { Activation, Precision, Shape } from '@sinapse/core';
import type { HostTensor } from './values.ts';
import { hostTensor } from './values.ts';

export const FLOAT32: Precision = { output: 'float32', accumulation: 'float32' };

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'];

const ALPHAS: readonly number[] = [0.01, 0.3, 1, 1.6];

export interface Activated {
  readonly bias: boolean;
  readonly activation: Activation;
  readonly alpha: number;
}

export const ACTIVATED: {
  readonly bias: readonly boolean[];
  readonly activation: readonly Activation[];
  readonly alpha: readonly number[];
} = {
  bias: [false, true],
  activation: ACTIVATIONS,
  alpha: ALPHAS,
};

/** Shapes of inputs whose last axis has a bias or statistics. */
export const BIASED: readonly Shape[] = [[0, 4], [1], [17], [3, 1], [5, 7], [4, 8], [2, 16], [9, 33], [2, 3, 64], [2, 3, 5, 3], [1, 2, 2, 3, 4], [130, 257]]; // prettier-ignore

/** x with its values moved to the range of an activation. */
export function activated(x: HostTensor, activation: Activation, alpha: number): HostTensor {
  const { data, shape, dtype } = x;
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return hostTensor(dtype, shape, data.map((value) => Math.max(value, 0))); // prettier-ignore
    case 'leakyRelu':
      return hostTensor(dtype, shape, data.map((value) => (value > 0 ? value : alpha * value))); // prettier-ignore
    case 'sigmoid':
      return hostTensor(dtype, shape, data.map((value) => 1 / (1 + Math.exp(-value)))); // prettier-ignore
    case 'tanh':
      return hostTensor(dtype, shape, data.map((value) => Math.tanh(value))); // prettier-ignore
  }
}

// The steps of networks, with what most of them have as defaults.

import type { Conv, ImageShape, Step } from './network.ts';

/** Defaults: strides and groups of 1, no padding, no bias. */
export type ConvOptions = Partial<Pick<Conv, 'stride' | 'padding' | 'bias' | 'groups'>>;

/** Batch normalisation adds this to the variance: the default of PyTorch and of `batchNorm` in @sinapse/layers. */
const EPSILON = 1e-5;

export const relu: Step = { op: 'relu' };

export function conv(name: string, filters: number, kernel: number, options: ConvOptions = {}): Conv {
  const { stride = 1, padding = 0, bias = false, groups = 1 } = options;
  return { op: 'conv', name, filters, kernel, stride, padding, bias, groups };
}

export function batchNorm(name: string, epsilon: number = EPSILON): Step {
  return { op: 'batchNorm', name, epsilon };
}

export function maxPool(window: number, stride: number, padding = 0, over = 0): Step {
  return { op: 'maxPool', window, stride, padding, over };
}

export function dense(name: string, units: number, image?: ImageShape): Step {
  return { op: 'dense', name, units, ...(image && { image }) };
}

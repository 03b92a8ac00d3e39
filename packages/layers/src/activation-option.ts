// Activations as an option of a layer: by name, and fused into the layer's kernel where core can.

import type { FusedActivation, Tensor } from '@sinapse/core';
import { gelu, knownName, maxout, selu, softmax, softplus, softsign, step, swish } from '@sinapse/core';

const FUSED = ['linear', 'relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'] as const;

/** Every activation that has a name. */
export const activationNames = [
  'linear',
  'relu',
  'leakyRelu',
  'elu',
  'sigmoid',
  'tanh',
  'selu',
  'softmax',
  'softplus',
  'softsign',
  'gelu',
  'swish',
  'step',
  'maxout',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** An activation with its parameter: the slope of leakyRelu below 0 (0.01), the limit -alpha of elu (1), the channels maxout takes the largest of (2). */
export type ParametricActivation =
  { readonly name: 'leakyRelu' | 'elu'; readonly alpha?: number } | { readonly name: 'maxout'; readonly pieces?: number };

/** An activation by name, by name with its parameter, or as a function of one's own, written in ops. */
export type ActivationOption = ActivationName | ParametricActivation | ((x: Tensor) => Tensor);

/** An activation ready for use: `fused` is for core's kernels, `after` for what they returned. */
export interface ResolvedActivation {
  readonly fused: FusedActivation;
  readonly after: (x: Tensor) => Tensor;
}

const UNFUSED: ReadonlyMap<string, (x: Tensor) => Tensor> = new Map([
  ['selu', selu],
  ['softmax', (x) => softmax(x)],
  ['softplus', softplus],
  ['softsign', softsign],
  ['gelu', gelu],
  ['swish', swish],
  ['step', step],
]);

/** @throws SinapseError when the name is not one of `activationNames` */
export function resolveActivation(layer: string, option: ActivationOption): ResolvedActivation {
  if (typeof option === 'function') return { fused: {}, after: option };
  const {
    name,
    alpha,
    pieces = 2,
  }: { name: string; alpha?: number; pieces?: number } = typeof option === 'string' ? { name: option } : option;
  const activation = FUSED.find((fused) => fused === name);
  if (activation !== undefined) return { fused: alpha === undefined ? { activation } : { activation, alpha }, after: (x) => x };
  if (name === 'maxout') return { fused: {}, after: (x) => maxout(x, pieces) };
  return { fused: {}, after: UNFUSED.get(knownName(`${layer}: activation`, name, activationNames))! };
}

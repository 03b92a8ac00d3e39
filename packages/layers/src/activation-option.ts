// The option `activation` of layers. Activations that core's kernels know are fused into the layer's kernel.

import type { Check, FusedActivation, Tensor } from '@sinapse/core';
import { check, checkOptions, elu, gelu, knownName, maxout, selu, softmax, softplus, softsign, step, swish } from '@sinapse/core';

const FUSED = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'] as const;

/** The names of all activations. */
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

/**
 * An activation with a parameter. `alpha` is the slope of leakyRelu below 0 (default 0.01), or minus the limit of elu (1); `pieces` is the
 * number of channels of which maxout takes the largest (2).
 */
export type ParametricActivation =
  { readonly name: 'leakyRelu' | 'elu'; readonly alpha?: number } | { readonly name: 'maxout'; readonly pieces?: number };

/** An activation: a name, a name with a parameter, or a function written in ops. */
export type ActivationOption = ActivationName | ParametricActivation | ((x: Tensor) => Tensor);

/** An activation in two parts: `fused` is an option of core's kernels, `after` is applied to their result. */
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

/** The check of the option; `resolveActivation` checks the names. */
export const ACTIVATION: Check = {
  expected: "the name of an activation, { name: 'leakyRelu', alpha: 0.1 } or the like, or a function",
  accepts: (value) => ['string', 'function'].includes(typeof value) || (typeof value === 'object' && value !== null),
};

const PARAMETERS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  leakyRelu: { name: check.any, alpha: check.finite },
  elu: { name: check.any, alpha: check.finite },
  maxout: { name: check.any, pieces: check.count },
};

/** @throws SinapseError when the name is not in `activationNames`, or a parameter is not one of that activation or out of range */
export function resolveActivation(layer: string, option: ActivationOption): ResolvedActivation {
  if (typeof option === 'function') return { fused: {}, after: option };
  if (typeof option === 'object') {
    knownName(`${layer}: activation`, option?.name, activationNames);
    checkOptions(`${layer}: activation ${option.name}`, option, PARAMETERS[option.name] ?? { name: check.any });
  }
  const {
    name,
    alpha,
    pieces = 2,
  }: { name: string; alpha?: number; pieces?: number } = typeof option === 'string' ? { name: option } : option;
  const activation = FUSED.find((fused) => fused === name);
  if (activation !== undefined) return { fused: alpha === undefined ? { activation } : { activation, alpha }, after: (x) => x };
  if (name === 'elu') return { fused: {}, after: (x) => elu(x, alpha) };
  if (name === 'maxout') return { fused: {}, after: (x) => maxout(x, pieces) };
  return { fused: {}, after: UNFUSED.get(knownName(`${layer}: activation`, name, activationNames))! };
}

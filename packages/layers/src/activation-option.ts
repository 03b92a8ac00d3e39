// The option `activation` of layers. Activations that core's kernels know are fused into the layer's kernel.

import type { Check, FusedActivation, Tensor } from '@sinapse/core';
import {
  celu,
  check,
  checkOptions,
  elu,
  exp,
  gelu,
  geluTanh,
  hardShrink,
  hardSigmoid,
  hardSwish,
  hardTanh,
  knownName,
  logSoftmax,
  maxout,
  mish,
  minimum,
  selu,
  softShrink,
  softmax,
  softplus,
  softsign,
  step,
  swish,
  threshold,
} from '@sinapse/core';

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
  'relu6',
  'celu',
  'geluTanh',
  'silu',
  'mish',
  'logSoftmax',
  'exponential',
  'hardSigmoid',
  'hardSwish',
  'hardTanh',
  'hardShrink',
  'softShrink',
  'threshold',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** The parameters of activations; each has those of `PARAMETERS`. */
interface ActivationParameters {
  readonly alpha?: number;
  readonly axis?: number | readonly number[];
  readonly limit?: number;
  readonly pieces?: number;
  readonly theta?: number;
  readonly value?: number;
}

/** An activation that follows a kernel's result. */
type Following = (x: Tensor, parameters: ActivationParameters) => Tensor;

const FOLLOWING: Readonly<Record<Exclude<ActivationName, (typeof FUSED)[number] | 'relu6'>, Following>> = {
  elu: (x, { alpha }) => elu(x, alpha),
  selu,
  softmax: (x, { axis }) => softmax(x, { axis }),
  softplus,
  softsign,
  gelu,
  swish,
  step,
  maxout: (x, { pieces = 2 }) => maxout(x, pieces),
  celu: (x, { alpha }) => celu(x, alpha),
  geluTanh,
  silu: swish,
  mish,
  logSoftmax: (x, { axis }) => logSoftmax(x, { axis }),
  exponential: exp,
  hardSigmoid,
  hardSwish,
  hardTanh,
  hardShrink: (x, { limit }) => hardShrink(x, limit),
  softShrink: (x, { limit }) => softShrink(x, limit),
  threshold: (x, { theta, value }) => threshold(x, theta, value),
};

/**
 * An activation with a parameter. `alpha` is the slope of leakyRelu below 0 (default 0.01), or minus the limit of elu and celu (1); `axis` is that
 * over which softmax sums (-1); `limit` is half the width of what hardShrink and softShrink set to 0 (0.5); threshold gives `value` (0) up to
 * `theta` (1); `pieces` is the number of channels of which maxout takes the largest (2).
 */
export type ParametricActivation =
  | { readonly name: 'leakyRelu' | 'elu' | 'celu'; readonly alpha?: number }
  | { readonly name: 'softmax' | 'logSoftmax'; readonly axis?: number | readonly number[] }
  | { readonly name: 'hardShrink' | 'softShrink'; readonly limit?: number }
  | { readonly name: 'threshold'; readonly theta?: number; readonly value?: number }
  | { readonly name: 'maxout'; readonly pieces?: number };

/** An activation: a name, a name with a parameter, or a function written in ops. */
export type ActivationOption = ActivationName | ParametricActivation | ((x: Tensor) => Tensor);

/** An activation in two parts: `fused` is an option of core's kernels, `after` is applied to their result. */
export interface ResolvedActivation {
  readonly fused: FusedActivation;
  readonly after: (x: Tensor) => Tensor;
}

/** The check of the option; `resolveActivation` checks the names. */
export const ACTIVATION: Check = {
  expected: "the name of an activation, { name: 'leakyRelu', alpha: 0.1 } or the like, or a function",
  accepts: (value) => ['string', 'function'].includes(typeof value) || (typeof value === 'object' && value !== null),
};

const ALPHA = { name: check.any, alpha: check.finite };
const AXIS = { name: check.any, axis: check.axes };
const LIMIT = { name: check.any, limit: check.notNegative };

const PARAMETERS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  leakyRelu: ALPHA,
  elu: ALPHA,
  celu: ALPHA,
  softmax: AXIS,
  logSoftmax: AXIS,
  hardShrink: LIMIT,
  softShrink: LIMIT,
  threshold: { name: check.any, theta: check.finite, value: check.finite },
  maxout: { name: check.any, pieces: check.count },
};

/** @throws SinapseError when the name is not in `activationNames`, or a parameter is not one of that activation or out of range */
export function resolveActivation(layer: string, option: ActivationOption): ResolvedActivation {
  if (typeof option === 'function') return { fused: {}, after: option };
  const { name: given, ...parameters }: { readonly name: string } & ActivationParameters =
    typeof option === 'string' ? { name: option } : { ...option };
  const name = knownName(`${layer}: activation`, given, activationNames);
  if (typeof option === 'object') checkOptions(`${layer}: activation ${name}`, option, PARAMETERS[name] ?? { name: check.any });
  const activation = FUSED.find((fused) => fused === name);
  if (activation !== undefined) return { fused: { activation, ...parameters }, after: (x) => x };
  // relu is applied while a kernel writes its result, so that relu6 takes one short pass more, not one that looks for its pieces.
  if (name === 'relu6') return { fused: { activation: 'relu' }, after: (x) => minimum(x, 6) };
  const following = FOLLOWING[name as keyof typeof FOLLOWING];
  return { fused: {}, after: (x) => following(x, parameters) };
}

// Adam and AdamW: steps scaled by running estimates of each gradient's mean and square.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { adamStep, check, checkOptions, derivedCell } from '@sinapse/core';
import type { CommonOptions } from './slot-optimizer.ts';
import { COMMON_OPTIONS, SlotOptimizer } from './slot-optimizer.ts';

export interface AdamOptions extends CommonOptions {
  /** Decay of the running mean of gradients, within [0, 1); 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients, within [0, 1); 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite, > 0; 1e-8. */
  readonly epsilon?: number;
  /** Whether the largest mean square so far is used (Reddi, Kale, Kumar 2018), false. */
  readonly amsgrad?: boolean;
}

/** Of `adam` and `adamW`, unless given. */
export const ADAM_LEARNING_RATE = 0.001;

const CHECKS: OptionChecks<AdamOptions> = {
  ...COMMON_OPTIONS,
  beta1: check.fraction,
  beta2: check.fraction,
  epsilon: check.positive,
  amsgrad: check.flag,
};

type AdamSlots = { m: readonly Tensor[]; v: readonly Tensor[]; maxV?: readonly Tensor[] };

function makeAdam(name: string, decoupled: boolean, options: AdamOptions): SlotOptimizer {
  checkOptions(name, options, CHECKS);
  const { learningRate = ADAM_LEARNING_RATE, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false } = options;
  const attrs = { decoupled };
  return new SlotOptimizer(
    name,
    { ...options, learningRate },
    amsgrad ? ['m', 'v', 'maxV'] : ['m', 'v'],
    ({ learningRate: rate, step }) => {
      const correction1 = derivedCell(() => 1 - beta1 ** step.value);
      const correction2 = derivedCell(() => 1 - beta2 ** step.value);
      return ({ param, grad, slots, device, weightDecay }) =>
        adamStep({ param, grad, ...(slots as AdamSlots), ...device }, attrs, {
          learningRate: rate,
          weightDecay,
          beta1,
          beta2,
          epsilon,
          correction1,
          correction2,
        });
    },
  );
}

/**
 * Adam: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g², parameter -= learningRate m̂ / (√v̂ + epsilon), where m̂ and v̂ are m and v
 * without their bias towards 0, and g is the gradient plus weightDecay times the parameter. Kingma, Ba 2015, algorithm 1.
 * @param options `learningRate` is 0.001 unless given, `weightDecay` 0
 * @throws SinapseError when an option is unknown or out of range
 */
export function adam(options: AdamOptions = {}): SlotOptimizer {
  return makeAdam('adam', false, options);
}

/**
 * Adam with decoupled weight decay: each parameter first shrinks by learningRate weightDecay, whatever the gradients. Loshchilov, Hutter 2019,
 * algorithm 2.
 * @param options `learningRate` is 0.001 unless given, `weightDecay` 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function adamW(options: AdamOptions = {}): SlotOptimizer {
  return makeAdam('adamW', true, { weightDecay: 0.01, ...options });
}

// Adam and AdamW scale their steps by running estimates of each gradient's mean and mean square.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, derivedCell, div, maximum, mul, sqrt, square, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface AdamOptions extends CommonOptions {
  /** Decay of the running mean of gradients, within [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients, within [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the divisor to keep the quotient finite, > 0. Default 1e-8. */
  readonly epsilon?: number;
  /** Whether to divide by the root of the largest mean square so far (Reddi, Kale, Kumar 2018). Default false. */
  readonly amsgrad?: boolean;
}

/** The default learning rate of `adam` and `adamW`. */
export const ADAM_LEARNING_RATE = 0.001;

const CHECKS: OptionChecks<AdamOptions> = {
  ...COMMON_OPTIONS,
  beta1: check.fraction,
  beta2: check.fraction,
  epsilon: check.positive,
  amsgrad: check.flag,
};

type AdamState = { readonly param: Tensor; readonly m: Tensor; readonly v: Tensor; readonly maxV?: Tensor };

function makeAdam(name: string, decoupled: boolean, options: AdamOptions): SlotOptimizer {
  checkOptions(name, options, CHECKS);
  const { learningRate = ADAM_LEARNING_RATE, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false } = options;
  return slotOptimizer<AdamState, 'stepSize' | 'smallest'>(
    name,
    { ...options, learningRate },
    {
      slots: amsgrad ? ['m', 'v', 'maxV'] : ['m', 'v'],
      decoupled,
      // The bias corrections of m̂ / (√v̂ + epsilon) are moved into the step size and epsilon, two scalars. Kingma, Ba 2015, end of section
      // 2.
      scalars: ({ learningRate: rate, step }) => {
        const rootOfCorrection = (): number => Math.sqrt(1 - beta2 ** step.value);
        return {
          stepSize: derivedCell(() => (rate.value * rootOfCorrection()) / (1 - beta1 ** step.value)),
          smallest: derivedCell(() => epsilon * rootOfCorrection()),
        };
      },
      formula: (state, grad, { stepSize, smallest }) => {
        const m = add(state.m, mul(sub(grad, state.m), 1 - beta1));
        const v = add(state.v, mul(sub(square(grad), state.v), 1 - beta2));
        const largest = state.maxV === undefined ? v : maximum(state.maxV, v);
        const param = sub(state.param, mul(div(m, add(sqrt(largest), smallest)), stepSize));
        return state.maxV === undefined ? { param, m, v } : { param, m, v, maxV: largest };
      },
    },
  );
}

/**
 * Adam: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g², parameter -= learningRate m̂ / (√v̂ + epsilon), where m̂ = m / (1 -
 * beta1^step), v̂ = v / (1 - beta2^step), and g is the gradient plus weightDecay times the parameter. Kingma, Ba 2015, algorithm 1.
 * @param options by default, `learningRate` is 0.001 and `weightDecay` 0
 * @throws SinapseError when an option is unknown or out of range
 */
export function adam(options: AdamOptions = {}): SlotOptimizer {
  return makeAdam('adam', false, options);
}

/**
 * Adam with decoupled weight decay: each step first multiplies the parameter by 1 - learningRate weightDecay. Loshchilov, Hutter 2019,
 * algorithm 2.
 * @param options by default, `learningRate` is 0.001 and `weightDecay` 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function adamW(options: AdamOptions = {}): SlotOptimizer {
  return makeAdam('adamW', true, { weightDecay: 0.01, ...options });
}

// LAMB gives every layer steps in proportion to the size of its weights, for training with large batches.

import type { OptionChecks, Scalar, Tensor } from '@sinapse/core';
import { add, check, checkOptions, derivedCell, div, fused, fusedUpdate, greater, logicalAnd, mul, norm, sqrt, square, sub, where } from '@sinapse/core'; // prettier-ignore
import type { AnyState, CommonOptions } from './slot-optimizer.ts';
import { COMMON_OPTIONS, SlotOptimizer } from './slot-optimizer.ts';
import type { StepCells, Update } from './update-rule.ts';
import { unlessSkipped } from './update-rule.ts';

export interface LambOptions extends CommonOptions {
  /** Decay of the running mean of gradients, within [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients, within [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the divisor to keep the quotient finite, > 0. Default 1e-6. */
  readonly epsilon?: number;
}

/** The default learning rate of `lamb`. */
export const LAMB_LEARNING_RATE = 0.001;

const CHECKS: OptionChecks<LambOptions> = { ...COMMON_OPTIONS, beta1: check.fraction, beta2: check.fraction, epsilon: check.positive };

/**
 * LAMB: r = m̂ / (√v̂ + epsilon) + weightDecay parameter with m̂ and v̂ as in Adam, and parameter -= learningRate ‖parameter‖ / ‖r‖ r, norms over
 * one parameter each; the quotient is 1 where a norm is 0. You et al. 2020, algorithm 2.
 * @param options by default, `learningRate` is 0.001 and `weightDecay` 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function lamb(options: LambOptions = {}): SlotOptimizer {
  checkOptions('lamb', options, CHECKS);
  const { learningRate = LAMB_LEARNING_RATE, weightDecay = 0.01 } = options;
  return new SlotOptimizer('lamb', { ...options, weightDecay, learningRate }, ['m', 'v'], (cells) => updateOf(options, cells));
}

interface Moments {
  readonly m: Tensor;
  readonly v: Tensor;
}

type Gradient = { readonly grad: Tensor; readonly scale: Tensor | undefined; readonly skip: Tensor | undefined };
type Move = { readonly direction: Tensor; readonly ratio: Tensor; readonly rate: Scalar; readonly skip: Tensor | undefined };

/** The trust ratio of a layer. */
const trust = fused((weights: Tensor, direction: Tensor) =>
  where(logicalAnd(greater(weights, 0), greater(direction, 0)), div(weights, direction), 1),
);

const move = fusedUpdate((before: { param: Tensor }, { direction, ratio, rate, skip }: Move) => {
  const after = { param: sub(before.param, mul(mul(direction, ratio), rate)) };
  return skip === undefined ? after : unlessSkipped(skip, before, after);
});

function updateOf({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6 }: LambOptions, { step, learningRate: rate }: StepCells): Update<AnyState> {
  const moments = fusedUpdate((before: Moments, { grad, scale, skip }: Gradient) => {
    const g = scale === undefined ? grad : mul(grad, scale);
    const after = {
      m: add(before.m, mul(sub(g, before.m), 1 - beta1)),
      v: add(before.v, mul(sub(square(g), before.v), 1 - beta2)),
    };
    return skip === undefined ? after : unlessSkipped(skip, before, after);
  });
  const directionOf = fused((param: Tensor, m: Tensor, v: Tensor, weightDecay: Scalar, ofMean: Scalar, ofSquare: Scalar) =>
    add(div(mul(m, ofMean), add(mul(sqrt(v), ofSquare), epsilon)), mul(param, weightDecay)),
  );
  const ofMean = derivedCell(() => 1 / (1 - beta1 ** step.value));
  const ofSquare = derivedCell(() => 1 / Math.sqrt(1 - beta2 ** step.value));
  return ({ param, m, v }, { grad, scale, skip, weightDecay }) => {
    const next = moments({ m: m!, v: v! }, { grad, scale, skip });
    const direction = directionOf(param!, next.m, next.v, weightDecay, ofMean, ofSquare);
    const ratio = trust(param!.map((each) => norm(each)), direction.map((each) => norm(each))); // prettier-ignore
    return { ...move({ param: param! }, { direction, ratio, rate, skip }), ...next };
  };
}

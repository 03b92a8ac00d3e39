// Quickprop takes each weight's error for a parabola through the last two slopes, and jumps to its lowest point.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, div, equal, less, lessEqual, logicalOr, mul, sign, sub, where } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface QuickpropOptions extends CommonOptions {
  /** How many times longer than the last step a step may be, > 0. Default 1.75. */
  readonly maxGrowth?: number;
}

/** The default learning rate of `quickprop`. */
export const QUICKPROP_LEARNING_RATE = 0.01;

const CHECKS: OptionChecks<QuickpropOptions> = { ...COMMON_OPTIONS, maxGrowth: check.positive };

type QuickpropState = { readonly param: Tensor; readonly slope: Tensor; readonly change: Tensor };

/**
 * Quickprop, for gradients of all examples: each parameter's next change is Δ' = Δ S' / (S - S'), where Δ is the last change, S the slope
 * before it and S' the slope now: the gradient plus weightDecay times the parameter. Δ' is at most maxGrowth Δ, which it also is where the slope
 * grew in the direction of the change. Where there was no change yet, or the slope still points downhill along the last one,
 * -learningRate S' is added. Fahlman 1988, section 3.3, and the rules of his program.
 * @param options by default, `learningRate` is 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function quickprop(options: QuickpropOptions = {}): SlotOptimizer {
  checkOptions('quickprop', options, CHECKS);
  const { learningRate = QUICKPROP_LEARNING_RATE, maxGrowth = 1.75 } = options;
  // S' / (S - S') is maxGrowth where S' is this part of S.
  const shrink = maxGrowth / (1 + maxGrowth);
  return slotOptimizer<QuickpropState, 'rate'>(
    'quickprop',
    { ...options, learningRate },
    {
      slots: ['slope', 'change'],
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: ({ param, slope: before, change: last }, slope, { rate }) => {
        // Slopes along the last change: below 0, it still leads downhill.
        const along = mul(slope, sign(last));
        const alongBefore = mul(before, sign(last));
        const isSteep = lessEqual(along, mul(alongBefore, shrink));
        const jump = where(isSteep, mul(last, maxGrowth), div(mul(last, slope), sub(before, slope)));
        const downhill = where(logicalOr(equal(last, 0), less(along, 0)), mul(slope, rate), 0);
        const change = sub(jump, downhill);
        return { param: add(param, change), slope, change };
      },
    },
  );
}

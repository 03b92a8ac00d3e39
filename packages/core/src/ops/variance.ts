// How far values lie from their mean.

import * as check from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { div, sub } from './arithmetic.ts';
import { norm } from './norm.ts';
import { inFloat32 } from './operands.ts';
import { mean } from './statistics.ts';
import type { ReduceOptions } from './sum.ts';
import { REDUCE, sum } from './sum.ts';
import { square } from './unary.ts';

/** Options of `variance` and `standardDeviation`. */
export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the count by which the sum of squares is divided: 0 for the mean square, 1 for the unbiased estimate of a sample. Default 0. */
  readonly correction?: number | undefined;
}

const VARIANCE: OptionChecks<VarianceOptions> = { ...REDUCE, correction: check.finite };

/** The mean squared deviation from the mean, over axes. */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkTensor('variance', x);
  checkOptions('variance', options, VARIANCE);
  const { axis, keepDims, correction = 0 } = options;
  return inFloat32(x, (wide) => {
    const centre = mean(wide, { axis, keepDims: true });
    const total = sum(square(sub(wide, centre)), { axis, keepDims });
    const count = x.size / Math.max(1, total.size);
    return div(total, count - correction);
  });
}

/**
 * The square root of `variance`, without overflow or underflow of the squares. The gradient where all deviations are 0 is 0, the subgradient of
 * least length.
 */
export function standardDeviation(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkTensor('standardDeviation', x);
  checkOptions('standardDeviation', options, VARIANCE);
  const { axis, keepDims, correction = 0 } = options;
  return inFloat32(x, (wide) => {
    const length = norm(sub(wide, mean(wide, { axis, keepDims: true })), { axis, keepDims });
    const count = x.size / Math.max(1, length.size);
    return div(length, Math.sqrt(count - correction));
  });
}

// What all losses share: the check of their arguments, and the reduction of a batch's losses to one number.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  DTypeError,
  ShapeError,
  SinapseError,
  cast,
  check,
  formatShape,
  isFloat,
  isTensor,
  mean,
  sameShape,
  shown,
  sum,
} from '@sinapse/core';

export interface ReductionOptions {
  /** Whether to return the `mean` or the `sum` over the batch. Default `mean`. */
  readonly reduction?: 'mean' | 'sum';
}

/** The checks of the options. */
export const REDUCTION: OptionChecks<ReductionOptions> = { reduction: check.oneOf(['mean', 'sum']) };

/** Reduces the losses of the examples to one number. */
export function reduced(losses: Tensor, { reduction = 'mean' }: ReductionOptions): Tensor {
  return reduction === 'mean' ? mean(losses) : sum(losses);
}

/**
 * @throws SinapseError unless prediction and target are tensors
 * @throws DTypeError unless the prediction is a float tensor
 */
export function checkTensors(loss: string, prediction: unknown, target: unknown): asserts prediction is Tensor {
  if (!isTensor(prediction)) throw new SinapseError(`${loss}: the prediction must be a tensor, got ${shown(prediction)}`);
  if (!isTensor(target)) throw new SinapseError(`${loss}: the target must be a tensor, got ${shown(target)}`);
  if (!isFloat(prediction.dtype)) throw new DTypeError(`${loss}: the prediction must be float32, got ${prediction.dtype}`);
}

/**
 * The target in the prediction's dtype: whole numbers and booleans are values like any others.
 * @throws ShapeError unless prediction and target have the same shape: `[32]` and `[32,1]` would broadcast to `[32,32]`
 */
export function targetOf(loss: string, prediction: Tensor, target: Tensor): Tensor {
  checkTensors(loss, prediction, target);
  if (!sameShape(prediction.shape, target.shape)) {
    const remedy = sameShape(prediction.shape, [...target.shape, 1]) ? 'reshape it, or give each example a list of one, y: [3]' : 'reshape one of them'; // prettier-ignore
    throw new ShapeError(
      `${loss}: the target must have the prediction's shape ${formatShape(prediction.shape)}, got ${formatShape(target.shape)}; ${remedy}`,
    );
  }
  return isFloat(target.dtype) ? target : cast(target, prediction.dtype);
}

// The reduction of a batch's losses to one number, and the check against accidental broadcasting.

import type { Tensor } from '@sinapse/core';
import { ShapeError, check, checkValue, formatShape, mean, sameShape, sum } from '@sinapse/core';

export interface ReductionOptions {
  /** Whether to return the `mean` or the `sum` over the batch. Default `mean`. */
  readonly reduction?: 'mean' | 'sum';
}

const REDUCTION = check.oneOf(['mean', 'sum']);

/** Reduces the losses of the examples to one number. */
export function reduced(loss: string, losses: Tensor, { reduction = 'mean' }: ReductionOptions): Tensor {
  checkValue(`${loss}: reduction`, reduction, REDUCTION);
  return reduction === 'mean' ? mean(losses) : sum(losses);
}

/** @throws ShapeError unless prediction and target have the same shape: `[32]` and `[32,1]` would broadcast to `[32,32]` */
export function checkSameShape(loss: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  throw new ShapeError(
    `${loss}: the target must have the prediction's shape ${formatShape(prediction.shape)}, got ${formatShape(target.shape)}; reshape one of them`,
  );
}

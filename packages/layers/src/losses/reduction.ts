// How the losses of a batch become one number, and the check that keeps shapes from broadcasting by accident.

import type { Tensor } from '@sinapse/core';
import { ShapeError, check, checkValue, formatShape, mean, sameShape, sum } from '@sinapse/core';

export interface ReductionOptions {
  /** `mean` over the batch, or the `sum` (the lectures' gradient descent adds gradients up); `mean` unless given. */
  readonly reduction?: 'mean' | 'sum';
}

const REDUCTION = check.oneOf(['mean', 'sum']);

/** One number of the losses of the examples. */
export function reduced(loss: string, losses: Tensor, { reduction = 'mean' }: ReductionOptions): Tensor {
  checkValue(`${loss}: reduction`, reduction, REDUCTION);
  return reduction === 'mean' ? mean(losses) : sum(losses);
}

/** @throws ShapeError unless prediction and target have one shape: `[32]` against `[32,1]` would silently become `[32,32]` */
export function checkSameShape(loss: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  throw new ShapeError(
    `${loss}: the target must have the prediction's shape ${formatShape(prediction.shape)}, got ${formatShape(target.shape)}; reshape one of them`,
  );
}

// The angle between two vectors as a loss.

import type { Tensor } from '@sinapse/core';
import { ShapeError, checkOptions, div, equal, formatShape, mul, norm, sub, sum, where } from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

/**
 * 1 - x·y / (|x| |y|) along the last axis: 0 for the same direction, 1 for a right angle (and for a vector of zeros), 2 for opposite ones.
 * @param prediction float32 `[batch, …, features]`
 * @param target of the same shape
 * @returns a scalar: the mean over the vectors, or the sum
 * @throws ShapeError when the shapes differ or there is no axis of features
 */
export function cosineDistance(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('cosineDistance', options, REDUCTION);
  const wanted = targetOf('cosineDistance', prediction, target);
  if (prediction.shape.length < 2)
    throw new ShapeError(`cosineDistance: the prediction must be [batch, features], got ${formatShape(prediction.shape)}`);
  return reduced('cosineDistance', sub(1, sum(mul(direction(prediction), direction(wanted)), { axis: -1 })), options);
}

/** x / |x|, and 0 for a vector of zeros. */
function direction(x: Tensor): Tensor {
  const length = norm(x, { axis: -1, keepDims: true });
  return div(x, where(equal(length, 0), 1, length));
}

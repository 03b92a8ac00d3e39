// Hinge losses: a prediction on the right side of its margin costs nothing.

import type { Tensor } from '@sinapse/core';
import { add, cast, checkOptions, equal, fused, lessEqual, max, mul, oneHot, square, sub, sum, where } from '@sinapse/core';
import { isProbabilities } from './class-options.ts';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

/** max(0, x), with the derivative 0 at 0, and NaN for NaN. */
const positivePart = (x: Tensor): Tensor => where(lessEqual(x, 0), 0, x);

/**
 * max(0, 1 - target prediction), the loss of support vector machines. Cortes, Vapnik 1995.
 * @param prediction float32 `[batch, …]`: its sign is the answer
 * @param target -1 or 1, in the prediction's shape; of booleans, false is -1
 * @returns a scalar: the mean over all elements, or their sum
 */
export function hinge(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('hinge', options, REDUCTION);
  return reduced('hinge', hingeOf(prediction, signs('hinge', prediction, target)), options);
}

/**
 * max(0, 1 - target prediction)².
 * @param prediction float32 `[batch, …]`
 * @param target -1 or 1, in the prediction's shape; of booleans, false is -1
 * @returns a scalar: the mean over all elements, or their sum
 */
export function squaredHinge(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('squaredHinge', options, REDUCTION);
  return reduced('squaredHinge', squaredHingeOf(prediction, signs('squaredHinge', prediction, target)), options);
}

const hingeOf = fused((prediction: Tensor, target: Tensor) => positivePart(sub(1, mul(target, prediction))));
const squaredHingeOf = fused((prediction: Tensor, target: Tensor) => square(positivePart(sub(1, mul(target, prediction)))));

function signs(loss: string, prediction: Tensor, target: Tensor): Tensor {
  const numbers = targetOf(loss, prediction, target);
  return target.dtype === 'bool' ? sub(mul(numbers, 2), 1) : numbers;
}

/**
 * max(0, 1 + the largest score of another class - the score of the class). Crammer, Singer 2001.
 * @param scores float32 `[batch, …, classes]`
 * @param labels int32 or uint8 class numbers `[batch, …]`, or one-hot rows in the shape of the scores
 * @returns a scalar: the mean over the batch, or the sum
 * @throws ShapeError when the labels have neither shape, DTypeError when class numbers are not integers
 */
export function categoricalHinge(scores: Tensor, labels: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('categoricalHinge', options, REDUCTION);
  const target = isProbabilities('categoricalHinge', scores, labels)
    ? targetOf('categoricalHinge', scores, labels)
    : oneHot(cast(labels, 'int32'), scores.shape.at(-1)!);
  const wanted = sum(mul(target, scores), { axis: -1 });
  const others = max(where(equal(target, 0), scores, -Infinity), { axis: -1 });
  return reduced('categoricalHinge', excess(others, wanted), options);
}

const excess = fused((others: Tensor, wanted: Tensor) => positivePart(add(sub(others, wanted), 1)));

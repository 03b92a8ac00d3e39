// The losses of the original network, on its scores: the negated distances -y of the output layer from the codes.

import type { Tensor } from '@sinapse/core';
import { check, checkValue, concat, fillAt, mean, mul, oneHot, sum } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';

export interface Lenet5MapLossOptions {
  /**
   * How near a wrong code must come before it is pushed away, > 0: the distance of a class "none of these". The paper gives it no value; 1 here.
   */
  readonly j?: number;
}

/**
 * y[label] + ln(e^-j + Σ e^-y), the mean over the batch: pulls the right code near and pushes wrong ones away. Eq. 9 of the paper, the maximum a
 * posteriori criterion.
 * @param scores float32 `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns a scalar
 */
export function lenet5MapLoss(scores: Tensor, labels: Tensor, { j = 1 }: Lenet5MapLossOptions = {}): Tensor {
  checkValue('lenet5MapLoss: j', j, check.positive);
  // A further class with the score -j makes it the cross-entropy with softmax.
  const rubbish = fillAt(scores, [scores.shape[0] ?? 0, 1], -j, scores.dtype);
  return softmaxCrossEntropy(concat([scores, rubbish], 1), labels);
}

/**
 * y[label], the mean over the batch: pulls the right code near and minds no other. Eq. 8 of the paper, the mean squared error.
 * @param scores float32 `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns a scalar
 */
export function lenet5MseLoss(scores: Tensor, labels: Tensor): Tensor {
  const chosen = sum(mul(oneHot(labels, scores.shape.at(-1) ?? 0), scores), { axes: 1 });
  return mul(mean(chosen), -1);
}

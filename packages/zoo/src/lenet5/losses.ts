// The losses of the original network. Its scores are -y, where y are the distances between the output of F6 and the codes.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, concat, fillAt, isTensor, mean, mul, oneHot, shown, sum } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';

export interface Lenet5MapLossOptions {
  /**
   * The distance of an extra class "none of these", > 0: wrong codes are pushed away mainly while they are nearer. Default 1; the paper
   * gives no value.
   */
  readonly j?: number;
}

const MAP_LOSS: OptionChecks<Lenet5MapLossOptions> = { j: check.positive };

/**
 * The mean over the batch of y[label] + ln(e^-j + Σ e^-y): decreases the distance of the right code and increases those of others. It is
 * the maximum a posteriori criterion, eq. 9 of the paper.
 * @param scores float32 `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns a scalar
 */
export function lenet5MapLoss(scores: Tensor, labels: Tensor, options: Lenet5MapLossOptions = {}): Tensor {
  checkOptions('lenet5MapLoss', options, MAP_LOSS);
  const { j = 1 } = options;
  checkScores('lenet5MapLoss', scores, labels);
  // With a further class of score -j, this is the cross-entropy of a softmax.
  const rubbish = fillAt(scores, [scores.shape[0] ?? 0, 1], -j, scores.dtype);
  return softmaxCrossEntropy(concat([scores, rubbish], 1), labels);
}

/**
 * The mean over the batch of y[label]: decreases the distance of the right code and ignores the others. It is the mean squared error, eq. 8
 * of the paper.
 * @param scores float32 `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns a scalar
 */
export function lenet5MseLoss(scores: Tensor, labels: Tensor): Tensor {
  checkScores('lenet5MseLoss', scores, labels);
  const chosen = sum(mul(oneHot(labels, scores.shape.at(-1) ?? 0), scores), { axis: 1 });
  return mul(mean(chosen), -1);
}

function checkScores(loss: string, scores: unknown, labels: unknown): void {
  if (!isTensor(scores) || scores.rank !== 2)
    throw new SinapseError(`${loss}: the scores must be a tensor [batch, classes], got ${shown(scores)}`);
  if (!isTensor(labels)) throw new SinapseError(`${loss}: the labels must be a tensor, got ${shown(labels)}`);
}

// Losses of classifiers: the cross-entropy of prediction and target, in nats.

import type { Tensor } from '@sinapse/core';
import {
  ShapeError,
  SinapseError,
  clip,
  formatShape,
  fused,
  isFloat,
  log,
  logSoftmax,
  mul,
  neg,
  oneHot,
  reshape,
  sameShape,
  softmaxCrossEntropy as crossEntropyOfRows,
  softplus,
  sub,
  sum,
} from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { checkSameShape, reduced } from './reduction.ts';

/** Probabilities are clipped to this distance from 0 and 1 before the logarithm, so that the largest loss is 16.1, not infinity. */
const CLIP = 1e-7;

/**
 * -Σ target ln softmax(logits), summed over the classes: for a classifier that returns logits, without softmax.
 * @param logits float32 `[batch, …, classes]`
 * @param labels int32 class numbers `[batch, …]` within [0, classes) (any other gives NaN), or float32 probabilities of the classes
 *   (one-hot, smoothed …) in the shape of the logits
 * @returns a scalar
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, options: ReductionOptions = {}): Tensor {
  checkClasses('softmaxCrossEntropy', logits, labels);
  if (isFloat(labels.dtype)) return reduced('softmaxCrossEntropy', neg(sum(mul(labels, logSoftmax(logits)), { axis: -1 })), options);
  const rows = reshape(logits, [labels.size, logits.shape.at(-1)!]);
  return reduced('softmaxCrossEntropy', crossEntropyOfRows(rows, reshape(labels, [labels.size])), options);
}

/**
 * -Σ target ln probabilities, summed over the classes: for a model that ends in softmax. The probabilities are clipped to [1e-7, 1 - 1e-7].
 * For logits, use `softmaxCrossEntropy`, which is more accurate.
 * @param probabilities float32 `[batch, …, classes]`; each row adds up to 1
 * @param target int32 class numbers `[batch, …]`, or float32 probabilities in the shape of `probabilities`
 * @returns a scalar
 */
export function categoricalCrossEntropy(probabilities: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkClasses('categoricalCrossEntropy', probabilities, target);
  const wanted = isFloat(target.dtype) ? target : oneHot(target, probabilities.shape.at(-1)!);
  return reduced('categoricalCrossEntropy', sum(surprisal(wanted, probabilities), { axis: -1 }), options);
}

/** -t ln p. */
const surprisal = fused((target: Tensor, p: Tensor) => neg(mul(target, log(clip(p, CLIP, 1 - CLIP)))));

export interface BinaryCrossEntropyOptions extends ReductionOptions {
  /**
   * Whether the prediction is `logits`, or `probabilities` of a model that ends in sigmoid; these are clipped to [1e-7, 1 - 1e-7]. Default
   * `logits`.
   */
  readonly from?: 'logits' | 'probabilities';
}

/**
 * -(t ln p + (1 - t) ln(1 - p)), where p is the probability of a yes. Each element is a yes-or-no question of its own.
 * @param prediction float32, any shape
 * @param target float32 of the same shape, within [0, 1]
 * @returns a scalar: the mean over all elements, or their sum
 */
export function binaryCrossEntropy(prediction: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  const { from = 'logits' } = options;
  if (from !== 'logits' && from !== 'probabilities')
    throw new SinapseError(`binaryCrossEntropy: from: expected logits or probabilities, got ${String(from)}`);
  checkSameShape('binaryCrossEntropy', prediction, target);
  return reduced('binaryCrossEntropy', (from === 'logits' ? lossOfLogits : lossOfProbabilities)(prediction, target), options);
}

/** -t ln σ(z) - (1 - t) ln(1 - σ(z)) = ln(1 + e^z) - t z, which does not overflow. */
const lossOfLogits = fused((z: Tensor, target: Tensor) => sub(softplus(z), mul(target, z)));

/** -t ln p - (1 - t) ln(1 - p). */
const lossOfProbabilities = fused((prediction: Tensor, target: Tensor) => {
  const p = clip(prediction, CLIP, 1 - CLIP);
  return neg(mul(target, log(p)).add(mul(sub(1, target), log(sub(1, p)))));
});

function checkClasses(loss: string, prediction: Tensor, labels: Tensor): void {
  if (prediction.rank < 2) throw new ShapeError(`${loss}: the prediction must be [batch, classes], got ${formatShape(prediction.shape)}`);
  const expected = isFloat(labels.dtype) ? prediction.shape : prediction.shape.slice(0, -1);
  if (sameShape(labels.shape, expected)) return;
  throw new ShapeError(
    `${loss}: ${labels.dtype} labels must be ${formatShape(expected)} for a prediction of ${formatShape(prediction.shape)}, got ${formatShape(labels.shape)}${isFloat(labels.dtype) ? '; class numbers are int32: cast them' : ''}`,
  );
}

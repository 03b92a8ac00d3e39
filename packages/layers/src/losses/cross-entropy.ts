// Losses of classifiers: the cross-entropy of what was predicted with what is true, in nats.

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

/** Probabilities are kept this far from 0 and 1 before their logarithm is taken: a sure mistake costs 16.1, not infinity. */
const CLIP = 1e-7;

/**
 * -Σ target ln softmax(logits), over the classes: the loss of a classifier whose model ends in logits, not in softmax.
 * @param logits float32 `[batch, …, classes]`, not normalised
 * @param labels int32 class numbers `[batch, …]` within [0, classes) (one outside gives NaN), or float32 probabilities of the classes (one-hot,
 *   smoothed …) in the shape of the logits
 * @returns a scalar
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, options: ReductionOptions = {}): Tensor {
  checkClasses('softmaxCrossEntropy', logits, labels);
  if (isFloat(labels.dtype)) return reduced('softmaxCrossEntropy', neg(sum(mul(labels, logSoftmax(logits)), { axes: -1 })), options);
  const rows = reshape(logits, [labels.size, logits.shape.at(-1)!]);
  return reduced('softmaxCrossEntropy', crossEntropyOfRows(rows, reshape(labels, [labels.size])), options);
}

/**
 * -Σ target ln probabilities, over the classes, for a model that ends in softmax. From logits, `softmaxCrossEntropy` is more accurate. The
 * probabilities are held within [1e-7, 1 - 1e-7].
 * @param probabilities float32 `[batch, …, classes]`, each row adding up to 1
 * @param target int32 class numbers `[batch, …]`, or float32 probabilities in the shape of the first
 * @returns a scalar
 */
export function categoricalCrossEntropy(probabilities: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkClasses('categoricalCrossEntropy', probabilities, target);
  const wanted = isFloat(target.dtype) ? target : oneHot(target, probabilities.shape.at(-1)!);
  return reduced('categoricalCrossEntropy', sum(surprisal(wanted, probabilities), { axes: -1 }), options);
}

/** -t ln p. */
const surprisal = fused((target: Tensor, p: Tensor) => neg(mul(target, log(clip(p, CLIP, 1 - CLIP)))));

export interface BinaryCrossEntropyOptions extends ReductionOptions {
  /** What the prediction is: `logits`, or `probabilities` (the model ends in sigmoid), which are held within [1e-7, 1 - 1e-7]; `logits` unless given. */
  readonly from?: 'logits' | 'probabilities';
}

/**
 * -(t ln p + (1 - t) ln(1 - p)), with p the probability of a yes: the loss of yes-or-no questions, each element one of them.
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

// Losses of classifiers: the cross-entropy of prediction and target, in nats.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  DTypeError,
  ShapeError,
  abs,
  add,
  cast,
  check,
  checkOptions,
  clip,
  div,
  equal,
  exp,
  formatShape,
  fused,
  greater,
  log,
  log1p,
  logSoftmax,
  minimum,
  mul,
  neg,
  oneHot,
  reshape,
  sameShape,
  softmaxCrossEntropy as crossEntropyOfRows,
  sub,
  sum,
  where,
} from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, checkTensors, reduced, targetOf } from './reduction.ts';

/** Probabilities are clipped to this distance from 0 and 1 before the logarithm, so that the largest loss is 16.1, not infinity. */
const CLIP = 1e-7;

/**
 * -Σ target ln softmax(logits), summed over the classes: for a classifier that returns logits, without softmax.
 * @param logits float32 `[batch, …, classes]`
 * @param labels int32 or uint8 class numbers `[batch, …]` within [0, classes) (any other gives NaN), or probabilities of the classes
 *   (one-hot, smoothed …) in the shape of the logits
 * @returns a scalar
 * @throws ShapeError when the labels have neither shape, DTypeError when class numbers are not integers
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('softmaxCrossEntropy', options, REDUCTION);
  if (isProbabilities('softmaxCrossEntropy', logits, labels))
    return reduced(sum(surprisalOfLog(targetOf('softmaxCrossEntropy', logits, labels), logSoftmax(logits)), { axis: -1 }), options);
  const rows = reshape(logits, [labels.size, logits.shape.at(-1)!]);
  return reduced(crossEntropyOfRows(rows, reshape(cast(labels, 'int32'), [labels.size])), options);
}

/**
 * -Σ target ln probabilities, summed over the classes: for a model that ends in softmax. The probabilities are clipped to [1e-7, 1 - 1e-7].
 * For logits, use `softmaxCrossEntropy`, which is more accurate.
 * @param probabilities float32 `[batch, …, classes]`; each row adds up to 1
 * @param target int32 or uint8 class numbers `[batch, …]`, or probabilities in the shape of `probabilities`
 * @returns a scalar
 * @throws ShapeError when the target has neither shape, DTypeError when class numbers are not integers
 */
export function categoricalCrossEntropy(probabilities: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('categoricalCrossEntropy', options, REDUCTION);
  const wanted = isProbabilities('categoricalCrossEntropy', probabilities, target)
    ? targetOf('categoricalCrossEntropy', probabilities, target)
    : oneHot(cast(target, 'int32'), probabilities.shape.at(-1)!);
  return reduced(sum(surprisal(wanted, probabilities), { axis: -1 }), options);
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

const BINARY: OptionChecks<BinaryCrossEntropyOptions> = { ...REDUCTION, from: check.oneOf(['logits', 'probabilities']) };

/**
 * -(t ln p + (1 - t) ln(1 - p)), where p is the probability of a yes. Each element is a yes-or-no question of its own.
 * @param prediction float32, any shape
 * @param target of the same shape, within [0, 1]; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function binaryCrossEntropy(prediction: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  checkOptions('binaryCrossEntropy', options, BINARY);
  const { from = 'logits' } = options;
  const wanted = targetOf('binaryCrossEntropy', prediction, target);
  return reduced((from === 'logits' ? lossOfLogits : lossOfProbabilities)(prediction, wanted), options);
}

/**
 * -t ln σ(z) - (1 - t) ln(1 - σ(z)) = ln(1 + e^-|z|) + w |z|, where w is the target of the less likely answer: 1 - t for z > 0, else t. For t
 * within [0, 1] no term is negative, so no digits cancel, however sure the prediction is. As in `softplus`, 0 belongs to one side with all
 * derivatives.
 */
const lossOfLogits = fused((z: Tensor, target: Tensor) => {
  const positive = greater(z, 0);
  const size = where(positive, z, neg(z));
  return add(log1p(exp(neg(size))), product(where(positive, sub(1, target), target), size));
});

/** target times surprise, and 0 for the target 0: what is not wanted costs nothing, even if it is impossible and its surprise infinite. */
function product(target: Tensor, surprise: Tensor): Tensor {
  const ignored = equal(minimum(surprise, div(1, abs(target))), Infinity); // both are infinite
  return mul(target, where(ignored, 0, surprise));
}

/** The cost of a class: -t ln p. */
const surprisalOfLog = fused((target: Tensor, logP: Tensor) => product(target, neg(logP)));

/** -t ln p - (1 - t) ln(1 - p). */
const lossOfProbabilities = fused((prediction: Tensor, target: Tensor) => {
  const p = clip(prediction, CLIP, 1 - CLIP);
  return neg(mul(target, log(p)).add(mul(sub(1, target), log(sub(1, p)))));
});

/**
 * Whether the labels are probabilities of the classes, not class numbers.
 * @throws ShapeError, DTypeError when they are neither
 */
function isProbabilities(loss: string, prediction: Tensor, labels: Tensor): boolean {
  checkTensors(loss, prediction, labels);
  const { shape } = prediction;
  if (shape.length < 2) throw new ShapeError(`${loss}: the prediction must be [batch, classes], got ${formatShape(shape)}`);
  if (sameShape(labels.shape, shape)) return true;
  const numbers = shape.slice(0, -1);
  if (!sameShape(labels.shape, numbers))
    throw new ShapeError(
      `${loss}: for a prediction of ${formatShape(shape)}, labels must be class numbers ${formatShape(numbers)} or probabilities ${formatShape(shape)}, got ${formatShape(labels.shape)}`,
    );
  if (labels.dtype !== 'int32' && labels.dtype !== 'uint8')
    throw new DTypeError(`${loss}: class numbers must be int32, got ${labels.dtype}: labels.cast('int32')`);
  return false;
}

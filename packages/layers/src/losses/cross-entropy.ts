// Losses of classifiers: the cross-entropy of prediction and target, in nats.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  SinapseError,
  abs,
  add,
  check,
  checkOptions,
  clip,
  div,
  equal,
  exp,
  fused,
  greater,
  log,
  log1p,
  logSoftmax,
  minimum,
  mul,
  neg,
  reshape,
  softmaxCrossEntropy as crossEntropyOfRows,
  softplus,
  sub,
  where,
} from '@sinapse/core';
import type { ClassOptions, SmoothingOptions } from './class-options.ts';
import { CLASSES, SMOOTHING, checkClassWeights, classLoss } from './class-options.ts';
import { reduced, targetOf } from './reduction.ts';

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
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, options: ClassOptions = {}): Tensor {
  checkOptions('softmaxCrossEntropy', options, CLASSES);
  return classLoss('softmaxCrossEntropy', logits, labels, options, {
    terms: (target) => surprisalOfLog(target, logSoftmax(logits)),
    ofNumbers: (numbers) => {
      const rows = reshape(logits, [numbers.size, logits.shape.at(-1)!]);
      return reshape(crossEntropyOfRows(rows, reshape(numbers, [numbers.size])), numbers.shape);
    },
  });
}

/**
 * -Σ target ln probabilities, summed over the classes: for a model that ends in softmax. The probabilities are clipped to [1e-7, 1 - 1e-7].
 * For logits, use `softmaxCrossEntropy`, which is more accurate.
 * @param probabilities float32 `[batch, …, classes]`; each row adds up to 1
 * @param target int32 or uint8 class numbers `[batch, …]`, or probabilities in the shape of `probabilities`
 * @returns a scalar
 * @throws ShapeError when the target has neither shape, DTypeError when class numbers are not integers
 */
export function categoricalCrossEntropy(probabilities: Tensor, target: Tensor, options: ClassOptions = {}): Tensor {
  checkOptions('categoricalCrossEntropy', options, CLASSES);
  return classLoss('categoricalCrossEntropy', probabilities, target, options, { terms: (wanted) => surprisal(wanted, probabilities) });
}

/** -t ln p. */
const surprisal = fused((target: Tensor, p: Tensor) => neg(mul(target, log(clip(p, CLIP, 1 - CLIP)))));

export interface BinaryCrossEntropyOptions extends SmoothingOptions {
  /**
   * Whether the prediction is `logits`, or `probabilities` of a model that ends in sigmoid; these are clipped to [1e-7, 1 - 1e-7]. Default
   * `logits`.
   */
  readonly from?: 'logits' | 'probabilities';
}

const BINARY: OptionChecks<BinaryCrossEntropyOptions> = { ...SMOOTHING, from: check.oneOf(['logits', 'probabilities']) };

/**
 * -(t ln p + (1 - t) ln(1 - p)), where p is the probability of a yes. Each element is a yes-or-no question of its own; `classWeights` are the
 * weights of no and yes.
 * @param prediction float32, any shape
 * @param target of the same shape, within [0, 1]; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function binaryCrossEntropy(prediction: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  checkOptions('binaryCrossEntropy', options, BINARY);
  const { from = 'logits', labelSmoothing = 0, classWeights } = options;
  const wanted = targetOf('binaryCrossEntropy', prediction, target);
  const smoothed = labelSmoothing === 0 ? wanted : add(mul(wanted, 1 - labelSmoothing), labelSmoothing / 2);
  if (classWeights === undefined)
    return reduced('binaryCrossEntropy', (from === 'logits' ? lossOfLogits : lossOfProbabilities)(prediction, smoothed), options);
  checkClassWeights('binaryCrossEntropy', classWeights, 2);
  const [no, yes] = classWeights as readonly [number, number];
  if (no === 0 && yes === 0) throw new SinapseError('binaryCrossEntropy: classWeights: one of the two must be above 0');
  const losses = (from === 'logits' ? weightedLossOfLogits : weightedLossOfProbabilities)(prediction, smoothed, no, yes);
  return reduced('binaryCrossEntropy', losses, options, massOf(wanted, no, yes));
}

/** The weight of a target. */
const massOf = fused((target: Tensor, no: number, yes: number) => add(mul(target, yes), mul(sub(1, target), no)));

/** -yes t ln σ(z) - no (1 - t) ln(1 - σ(z)). */
const weightedLossOfLogits = fused((z: Tensor, target: Tensor, no: number, yes: number) =>
  add(mul(product(target, softplus(neg(z))), yes), mul(product(sub(1, target), softplus(z)), no)),
);

const weightedLossOfProbabilities = fused((prediction: Tensor, target: Tensor, no: number, yes: number) => {
  const p = clip(prediction, CLIP, 1 - CLIP);
  return neg(add(mul(mul(target, log(p)), yes), mul(mul(sub(1, target), log(sub(1, p))), no)));
});

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
export function product(target: Tensor, surprise: Tensor): Tensor {
  const ignored = equal(minimum(surprise, div(1, abs(target))), Infinity); // both are infinite
  return mul(target, where(ignored, 0, surprise));
}

/** The cost of a class: -t ln p. */
export const surprisalOfLog: (target: Tensor, logP: Tensor) => Tensor = fused((target: Tensor, logP: Tensor) => product(target, neg(logP)));

/** -t ln p - (1 - t) ln(1 - p). */
const lossOfProbabilities = fused((prediction: Tensor, target: Tensor) => {
  const p = clip(prediction, CLIP, 1 - CLIP);
  return neg(mul(target, log(p)).add(mul(sub(1, target), log(sub(1, p)))));
});

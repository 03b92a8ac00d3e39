// The Kullback-Leibler divergence of two distributions over classes.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, clip, equal, formatShape, fused, log, logSoftmax, mul, sub, sum, where } from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

export interface KlDivergenceOptions extends ReductionOptions {
  /** Whether the prediction is `logits`, or `probabilities` that add up to 1; these are clipped to at least 1e-7. Default `logits`. */
  readonly from?: 'logits' | 'probabilities';
}

const KL_DIVERGENCE: OptionChecks<KlDivergenceOptions> = { ...REDUCTION, from: check.oneOf(['logits', 'probabilities']) };

/**
 * Σ target ln(target / prediction), summed over the classes, in nats: how much the prediction differs from the target's distribution. A class of
 * target 0 adds nothing. Kullback, Leibler 1951.
 * @param prediction float32 `[batch, …, classes]`
 * @param target probabilities of the classes, in the prediction's shape
 * @returns a scalar: the mean over the batch, or the sum
 * @throws ShapeError when the shapes differ or there is no axis of classes
 */
export function klDivergence(prediction: Tensor, target: Tensor, options: KlDivergenceOptions = {}): Tensor {
  checkOptions('klDivergence', options, KL_DIVERGENCE);
  const wanted = targetOf('klDivergence', prediction, target);
  if (prediction.shape.length < 2)
    throw new ShapeError(`klDivergence: the prediction must be [batch, classes], got ${formatShape(prediction.shape)}`);
  const terms = options.from === 'probabilities' ? ofProbabilities(prediction, wanted) : ofLogarithms(logSoftmax(prediction), wanted);
  return reduced('klDivergence', sum(terms, { axis: -1 }), options);
}

/** t (ln t - ln q), and 0 for t = 0. */
function divergence(target: Tensor, logQ: Tensor): Tensor {
  const none = equal(target, 0);
  return where(none, 0, mul(target, sub(log(where(none, 1, target)), where(none, 0, logQ))));
}

const ofLogarithms = fused((logQ: Tensor, target: Tensor) => divergence(target, logQ));
const ofProbabilities = fused((q: Tensor, target: Tensor) => divergence(target, log(clip(q, 1e-7, 1))));

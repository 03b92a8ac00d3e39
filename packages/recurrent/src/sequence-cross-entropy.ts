// The loss of a model that predicts a class, or a token, at every step.

import type { Tensor } from '@sinapse/core';
import {
  DTypeError,
  ShapeError,
  SinapseError,
  cast,
  div,
  formatShape,
  greaterEqual,
  isTensor,
  maximum,
  mul,
  reshape,
  scope,
  shown,
  softmaxCrossEntropy,
  sum,
} from '@sinapse/core';

/**
 * The mean of -ln softmax(logits)[label] over all steps, in nats; steps whose label is negative do not count. Its exponential is the perplexity.
 * @param logits float32 `[batch, time, classes]`
 * @param labels int32 `[batch, time]`: within [0, classes), or negative where a sequence is only filled up
 * @returns a scalar
 * @throws ShapeError unless there is a label for each step
 */
export function sequenceCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  if (!isTensor(logits) || !isTensor(labels))
    throw new SinapseError(`sequenceCrossEntropy: takes logits and labels, both tensors, got ${shown(isTensor(logits) ? labels : logits)}`);
  if (labels.dtype !== 'int32') throw new DTypeError(`sequenceCrossEntropy: labels must be int32, got ${labels.dtype}`);
  if (logits.rank !== 3 || labels.rank !== 2 || labels.shape.some((length, i) => length !== logits.shape[i]))
    throw new ShapeError(
      `sequenceCrossEntropy: takes logits [batch, time, classes] and labels [batch, time], got ${formatShape(logits.shape)} and ${formatShape(labels.shape)}`,
    );
  return scope(() => {
    const flat = reshape(labels, [labels.size]);
    const counts = cast(greaterEqual(flat, 0), 'float32');
    const losses = softmaxCrossEntropy(reshape(logits, [labels.size, logits.shape[2]!]), maximum(flat, 0));
    return div(sum(mul(losses, counts)), maximum(sum(counts), 1));
  });
}

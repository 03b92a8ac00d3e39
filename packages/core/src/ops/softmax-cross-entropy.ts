// The loss of a classifier, computed from its logits: one kernel gives the loss and its gradient in one pass.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { formatShape } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { greater, greaterEqual, less, logicalAnd } from './comparison.ts';
import { oneHot } from './gather.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { finiteLargestOf, logarithmOfSum, softmax } from './softmax.ts';
import { sum } from './sum.ts';
import { expm1, neg } from './unary.ts';

export const softmaxCrossEntropyKernel: KernelDefinition<'softmaxCrossEntropy', Tensor> = defineKernel({
  name: 'softmaxCrossEntropy',
  infer: ({ logits, labels }) => {
    if (logits.shape.length !== 2)
      throw new ShapeError(`softmaxCrossEntropy: logits must be [batch, classes], got ${formatShape(logits.shape)}`);
    if (!isFloat(logits.dtype)) throw new DTypeError(`softmaxCrossEntropy: logits must be float32, got ${logits.dtype}`);
    if (labels.dtype !== 'int32') throw new DTypeError(`softmaxCrossEntropy: labels must be int32 class numbers, got ${labels.dtype}`);
    if (labels.shape.length !== 1 || labels.shape[0] !== logits.shape[0]) {
      throw new ShapeError(
        `softmaxCrossEntropy: labels must be [${logits.shape[0]}], one for each row of logits ${formatShape(logits.shape)}; got ${formatShape(labels.shape)}`,
      );
    }
    if (logits.shape[1] === 0) throw new ShapeError('softmaxCrossEntropy: there are no classes');
    return { loss: specOf(logits.dtype, labels.shape), dlogits: specOf(logits.dtype, logits.shape) };
  },
  lower: ({ logits, labels }) => {
    const classes = logits.shape[1]!;
    const known = logicalAnd(greaterEqual(labels, 0), less(labels, classes));
    const target = oneHot(labels, classes);
    const isTarget = cast(target, 'bool');
    const { shifted, logSum } = logarithmOfSum(logits, finiteLargestOf(logits));
    const loss = sub(reshape(logSum, labels.shape), sum(where(isTarget, shifted, 0), { axis: 1 }));
    // p - 1 = e^-loss - 1 at the label: near p = 1 its digits are those of the loss.
    const p = softmax(logits);
    const isSure = logicalAnd(isTarget, greater(p, 0.5));
    const dlogits = where(isSure, expandDims(expm1(neg(loss)), 1), sub(p, target));
    return { loss: where(known, loss, NaN), dlogits: where(expandDims(known, 1), dlogits, NaN) };
  },
});

export const softmaxCrossEntropyRule: Rule<'softmaxCrossEntropy'> = {
  kernel: softmaxCrossEntropyKernel,
  save: ['logits', 'dlogits'],
  gradient: ({ d, saved }) => {
    const first = d.loss && mul(expandDims(d.loss, 1), saved.dlogits);
    // dlogits is an output too, and second derivatives go through it: its gradient is that of softmax.
    const p = d.dlogits && softmax(saved.logits);
    const second = p && mul(p, sub(d.dlogits, sum(mul(d.dlogits, p), { axis: 1, keepDims: true })));
    return { logits: first && second ? add(first, second) : (first ?? second) };
  },
};

/**
 * -ln softmax(logits)[label] for each row: the cross-entropy of the label and the predicted distribution, in nats.
 * @param logits float32 `[batch, classes]`, not normalised
 * @param labels int32 `[batch]`, within [0, classes); a label outside gives NaN
 * @returns `[batch]`
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkTensors('softmaxCrossEntropy', [logits, labels]);
  return apply(softmaxCrossEntropyRule, { logits, labels }, NO_ATTRS, NO_SCALARS, logits).loss;
}

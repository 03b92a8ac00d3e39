// What all losses share: the check of their arguments, and the reduction of a batch's losses to one number.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  DTypeError,
  ShapeError,
  SinapseError,
  broadcastTo,
  cast,
  check,
  div,
  equal,
  formatShape,
  fused,
  isFloat,
  isTensor,
  mean,
  mul,
  reshape,
  sameShape,
  shown,
  sum,
  where,
} from '@sinapse/core';

export interface ReductionOptions {
  /** Whether to return the `mean` or the `sum` over the batch. Default `mean`. */
  readonly reduction?: 'mean' | 'sum';
  /**
   * How much each example counts: numbers >= 0, `[batch]`, or one for each of the first axes of the losses. The mean is Σ weight loss / Σ weight, and 0
   * if all weights are 0.
   */
  readonly sampleWeight?: Tensor;
}

/** The checks of the options. */
export const REDUCTION: OptionChecks<ReductionOptions> = { reduction: check.oneOf(['mean', 'sum']), sampleWeight: check.tensor };

/**
 * Reduces the losses of the examples to one number.
 * @param loss the name of the loss, for messages
 * @param mass the weights that the losses contain already, e.g. of their classes, in their shape; the mean is divided by them, too
 * @throws ShapeError when there is not a sample weight for each example
 */
export function reduced(loss: string, losses: Tensor, { reduction = 'mean', sampleWeight }: ReductionOptions, mass?: Tensor): Tensor {
  const weight = sampleWeight === undefined ? undefined : spread(loss, sampleWeight, losses);
  const total = weight === undefined ? losses : weighted(losses, weight);
  if (reduction === 'sum') return sum(total);
  if (weight === undefined && mass === undefined) return mean(total);
  const masses = weight === undefined ? mass! : mass === undefined ? weight : mul(weight, mass);
  return quotient(sum(total), sum(masses));
}

/** loss · weight; what does not count is 0, even if it is infinite. */
const weighted = fused((losses: Tensor, weight: Tensor) => where(equal(weight, 0), 0, mul(losses, weight)));

/** total / mass, and 0 if nothing counts. */
const quotient = fused((total: Tensor, mass: Tensor) => {
  const none = equal(mass, 0);
  return where(none, 0, div(total, where(none, 1, mass)));
});

/** The weights of the examples in the shape of the losses. */
function spread(loss: string, weight: Tensor, losses: Tensor): Tensor {
  const { shape } = losses;
  const given = weight.shape;
  if (given.length === 0 || given.length > shape.length || given.some((length, i) => length !== shape[i])) {
    throw new ShapeError(
      `${loss}: sampleWeight: expected a weight for each example, ${formatShape(shape.slice(0, 1))}${shape.length > 1 ? ` or ${formatShape(shape)}` : ''}, got ${formatShape(given)}`,
    );
  }
  const numbers = isFloat(weight.dtype) ? weight : cast(weight, losses.dtype);
  return broadcastTo(reshape(numbers, [...given, ...shape.slice(given.length).map(() => 1)]), shape);
}

/**
 * @throws SinapseError unless prediction and target are tensors
 * @throws DTypeError unless the prediction is a float tensor
 */
export function checkTensors(loss: string, prediction: unknown, target: unknown): asserts prediction is Tensor {
  if (!isTensor(prediction)) throw new SinapseError(`${loss}: the prediction must be a tensor, got ${shown(prediction)}`);
  if (!isTensor(target)) throw new SinapseError(`${loss}: the target must be a tensor, got ${shown(target)}`);
  if (!isFloat(prediction.dtype)) throw new DTypeError(`${loss}: the prediction must be float32, got ${prediction.dtype}`);
}

/**
 * The target in the prediction's dtype: whole numbers and booleans are values like any others.
 * @throws ShapeError unless prediction and target have the same shape: `[32]` and `[32,1]` would broadcast to `[32,32]`
 */
export function targetOf(loss: string, prediction: Tensor, target: Tensor): Tensor {
  checkTensors(loss, prediction, target);
  if (!sameShape(prediction.shape, target.shape)) {
    const remedy = sameShape(prediction.shape, [...target.shape, 1]) ? 'reshape it, or give each example a list of one, y: [3]' : 'reshape one of them'; // prettier-ignore
    throw new ShapeError(
      `${loss}: the target must have the prediction's shape ${formatShape(prediction.shape)}, got ${formatShape(target.shape)}; ${remedy}`,
    );
  }
  return isFloat(target.dtype) ? target : cast(target, prediction.dtype);
}

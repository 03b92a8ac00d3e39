// Connectionist temporal classification: the loss of a sequence whose labels have an order, but no known times.

import type { Check, OptionChecks, Tensor } from '@sinapse/core';
import {
  DTypeError,
  ShapeError,
  SinapseError,
  add,
  broadcastTo,
  check,
  checkOptions,
  concat,
  cumulativeProduct,
  expandDims,
  formatShape,
  full,
  fused,
  greater,
  greaterEqual,
  isTensor,
  less,
  logAddExp,
  logicalAnd,
  logSoftmax,
  mul,
  neg,
  notEqual,
  pad,
  range,
  reshape,
  slice,
  stack,
  sub,
  sum,
  takeAlong,
  tensor,
  where,
} from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, checkTensors, reduced } from './reduction.ts';

export interface CtcOptions extends ReductionOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** How many steps of each sequence count, integers from 0 to time: a list, or int32 `[batch]`. Default all. */
  readonly inputLengths?: readonly number[] | Tensor;
  /**
   * How many labels each sequence has, integers from 0 to the width of `labels`: a list, or int32 `[batch]`; those after it are not read. By default a
   * row ends at its first blank or negative number.
   */
  readonly labelLengths?: readonly number[] | Tensor;
}

const LENGTHS: Check = {
  expected: 'a list of integers >= 0, one for each sequence, or an int32 tensor of them',
  accepts: (value) => isTensor(value) || (Array.isArray(value) && value.every((each) => check.natural.accepts(each))),
};
const CTC: OptionChecks<CtcOptions> = { ...REDUCTION, blank: check.natural, inputLengths: LENGTHS, labelLengths: LENGTHS };

/** The logarithm of an impossible path's probability: finite, since infinities would make gradients NaN. */
const NEVER = -1e30;

/**
 * -ln of the probability that the model writes the labels: the sum over all ways to spread them over the steps, in which a label may last for
 * several steps, and blanks may stand anywhere; between two equal labels one must. Infinite if the steps are too few. Graves, Fernández, Gomez,
 * Schmidhuber 2006, section 4.1.
 * @param logits float32 `[batch, time, classes]`
 * @param labels int32 or uint8 `[batch, most labels]`: class numbers other than the blank's; shorter rows are filled up with it
 * @returns a scalar: the mean over the batch, or the sum
 * @throws ShapeError, DTypeError, SinapseError when shapes, lengths or the blank do not fit
 */
export function ctc(logits: Tensor, labels: Tensor, options: CtcOptions = {}): Tensor {
  checkOptions('ctc', options, CTC);
  const { blank = 0 } = options;
  const { batch, time, most } = dimensionsOf(logits, labels, blank);
  const inputLengths = lengthsOf('inputLengths', options.inputLengths, batch, time, 'steps');
  const numbers = labels.cast('int32');
  const labelLengths = lengthsOf('labelLengths', options.labelLengths, batch, most, 'labels') ?? lengthsUntilBlank(numbers, blank);

  // The labels with a blank before, between and after them. `states` is the axis of the forward variables.
  const states = 2 * most + 1;
  const written = extended(where(less(range(most), expandDims(labelLengths, 1)), numbers, blank), blank, batch, most);
  const places = broadcastTo(reshape(written, [batch, 1, states]), [batch, time, states]);
  const emissions = takeAlong(logSoftmax(logits), places, -1);
  const skips = notEqual(written, shifted(written, 2, blank)); // a path may leave out the blank between two different labels

  const first = less(range(states), 2);
  const at = (t: number): Tensor => slice(emissions, [null, t, null]);
  const counts = (t: number): Tensor => greater(expandDims(inputLengths!, 1), t);
  let alpha = where(first, at(0), NEVER);
  if (inputLengths !== undefined) alpha = where(counts(0), alpha, where(less(range(states), 1), 0, NEVER));
  for (let t = 1; t < time; t++) {
    const next = step(alpha, shifted(alpha, 1, NEVER), shifted(alpha, 2, NEVER), skips, at(t));
    alpha = inputLengths === undefined ? next : where(counts(t), next, alpha);
  }
  return reduced('ctc', neg(logProbability(alpha, labelLengths)), options);
}

/** ln(e^alpha of staying + of the state before + of the one before that, where allowed) + the emission. */
const step = fused((stay: Tensor, before: Tensor, twoBefore: Tensor, skips: Tensor, emission: Tensor) =>
  add(logAddExp(logAddExp(stay, before), where(skips, twoBefore, NEVER)), emission),
);

/** A path ends in the last label or in the blank after it. */
function logProbability(alpha: Tensor, labelLengths: Tensor): Tensor {
  const last = expandDims(mul(labelLengths, 2), 1);
  const inBlank = takeAlong(alpha, last, -1);
  const isLabelled = greater(last, 0); // without labels there is only the blank
  const inLabel = where(isLabelled, takeAlong(alpha, where(isLabelled, sub(last, 1), 0), -1), NEVER);
  const total = reshape(logAddExp(inBlank, inLabel), labelLengths.shape);
  return where(less(total, NEVER / 2), -Infinity, total);
}

/** The number of labels of each row before its first blank or negative number. */
function lengthsUntilBlank(labels: Tensor, blank: number): Tensor {
  const isLabel = logicalAnd(notEqual(labels, blank), greaterEqual(labels, 0)).cast('int32');
  return sum(cumulativeProduct(isLabel, { axis: 1 }), { axis: 1 });
}

/** `[batch, 2 most + 1]`: blank, label, blank, label, …, blank. */
function extended(labels: Tensor, blank: number, batch: number, most: number): Tensor {
  const blanks = full([batch, most], blank, 'int32');
  const pairs = reshape(stack([blanks, labels], 2), [batch, 2 * most]);
  return concat([pairs, full([batch, 1], blank, 'int32')], 1);
}

/** Each row moved to the right, and filled on the left. */
function shifted(x: Tensor, by: number, value: number): Tensor {
  const width = x.shape[1]!;
  const moved = slice(x, [null, { end: Math.max(0, width - by) }]);
  return pad(moved, [[0, 0], [Math.min(by, width), 0]], value); // prettier-ignore
}

function dimensionsOf(logits: Tensor, labels: Tensor, blank: number): { batch: number; time: number; most: number } {
  checkTensors('ctc', logits, labels);
  const [batch, time, classes] = logits.shape;
  if (logits.shape.length !== 3 || time === 0)
    throw new ShapeError(`ctc: the prediction must be [batch, time, classes] with at least one step, got ${formatShape(logits.shape)}`);
  if (labels.shape.length !== 2 || labels.shape[0] !== batch)
    throw new ShapeError(`ctc: labels must be [${batch}, most labels], got ${formatShape(labels.shape)}`);
  if (labels.dtype !== 'int32' && labels.dtype !== 'uint8')
    throw new DTypeError(`ctc: labels must be int32, got ${labels.dtype}: labels.cast('int32')`);
  if (blank >= classes!) throw new SinapseError(`ctc: blank: expected one of the ${classes} classes, 0 to ${classes! - 1}, got ${blank}`);
  return { batch: batch!, time: time!, most: labels.shape[1]! };
}

/** The lengths as int32 `[batch]`. */
function lengthsOf(
  option: string,
  given: readonly number[] | Tensor | undefined,
  batch: number,
  most: number,
  what: string,
): Tensor | undefined {
  if (given === undefined) return undefined;
  if (isTensor(given)) {
    if (given.dtype !== 'int32' || given.shape.length !== 1 || given.shape[0] !== batch)
      throw new ShapeError(`ctc: ${option}: expected int32 [${batch}], got ${given.dtype} ${formatShape(given.shape)}`);
    return given;
  }
  if (given.length !== batch)
    throw new SinapseError(`ctc: ${option}: expected one for each of the ${batch} sequences, got ${given.length}`);
  const tooLong = given.find((length) => length > most);
  if (tooLong !== undefined) throw new SinapseError(`ctc: ${option}: a length of ${tooLong}, but there are ${most} ${what}`);
  return tensor([...given], { dtype: 'int32' });
}

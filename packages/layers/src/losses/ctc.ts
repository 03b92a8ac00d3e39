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
  expandDims,
  formatShape,
  full,
  fused,
  greater,
  less,
  logAddExp,
  logSoftmax,
  neg,
  notEqual,
  pad,
  range,
  reshape,
  slice,
  stack,
  takeAlong,
  tensor,
  where,
} from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, checkTensors, reduced } from './reduction.ts';

export interface CtcOptions extends ReductionOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** How many steps of each sequence count, integers from 0 to time. Default all. */
  readonly inputLengths?: readonly number[];
  /** How many labels each sequence has, integers from 0 to the width of `labels`; those after it are not read. Default all. */
  readonly labelLengths?: readonly number[];
}

const LENGTHS: Check = {
  expected: 'a list of integers >= 0, one for each sequence',
  accepts: (value) => Array.isArray(value) && value.every((each) => check.natural.accepts(each)),
};
const CTC: OptionChecks<CtcOptions> = { ...REDUCTION, blank: check.natural, inputLengths: LENGTHS, labelLengths: LENGTHS };

/** The logarithm of an impossible path's probability: finite, since infinities would make gradients NaN. */
const NEVER = -1e30;

/**
 * -ln of the probability that the model writes the labels: the sum over all ways to spread them over the steps, in which a label may last for
 * several steps, and blanks may stand anywhere; between two equal labels one must. Infinite if the steps are too few. Graves, Fernández, Gomez,
 * Schmidhuber 2006, section 4.1.
 * @param logits float32 `[batch, time, classes]`
 * @param labels int32 or uint8 `[batch, most labels]`: class numbers other than the blank's
 * @returns a scalar: the mean over the batch, or the sum
 * @throws ShapeError, DTypeError, SinapseError when shapes, lengths or the blank do not fit
 */
export function ctc(logits: Tensor, labels: Tensor, options: CtcOptions = {}): Tensor {
  checkOptions('ctc', options, CTC);
  const { blank = 0, inputLengths, labelLengths } = options;
  const { batch, time, most } = dimensionsOf(logits, labels, blank);
  checkLengths('inputLengths', inputLengths, batch, time, 'steps');
  checkLengths('labelLengths', labelLengths, batch, most, 'labels');

  // The labels with a blank before, between and after them. `states` is the axis of the forward variables.
  const states = 2 * most + 1;
  const written = extended(labels.cast('int32'), blank, batch, most);
  const places = broadcastTo(reshape(written, [batch, 1, states]), [batch, time, states]);
  const emissions = takeAlong(logSoftmax(logits), places, -1);
  const skips = notEqual(written, shifted(written, 2, blank)); // a path may leave out the blank between two different labels

  const first = less(range(states), 2);
  const at = (t: number): Tensor => slice(emissions, [null, t, null]);
  let alpha = where(first, at(0), NEVER);
  if (inputLengths !== undefined) alpha = where(column(inputLengths, 0), alpha, where(less(range(states), 1), 0, NEVER));
  for (let t = 1; t < time; t++) {
    const next = step(alpha, shifted(alpha, 1, NEVER), shifted(alpha, 2, NEVER), skips, at(t));
    alpha = inputLengths === undefined ? next : where(column(inputLengths, t), next, alpha);
  }
  return reduced('ctc', neg(logProbability(alpha, labelLengths ?? Array.from({ length: batch }, () => most))), options);
}

/** ln(e^alpha of staying + of the state before + of the one before that, where allowed) + the emission. */
const step = fused((stay: Tensor, before: Tensor, twoBefore: Tensor, skips: Tensor, emission: Tensor) =>
  add(logAddExp(logAddExp(stay, before), where(skips, twoBefore, NEVER)), emission),
);

/** A path ends in the last label or in the blank after it. */
function logProbability(alpha: Tensor, labelLengths: readonly number[]): Tensor {
  const ends = (index: (length: number) => number): Tensor =>
    reshape(takeAlong(alpha, tensor(labelLengths.map((length) => [index(length)]), { dtype: 'int32' }), -1), [labelLengths.length]); // prettier-ignore
  const some = tensor(labelLengths.map((length) => length > 0)); // without labels there is only the blank
  const inLabel = where(some, ends((length) => Math.max(0, 2 * length - 1)), NEVER); // prettier-ignore
  const total = logAddExp(ends((length) => 2 * length), inLabel); // prettier-ignore
  return where(greater(total, NEVER / 2), total, -Infinity);
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

/** `[batch, 1]`: whether step t of each sequence counts. */
function column(lengths: readonly number[], t: number): Tensor {
  return expandDims(tensor(lengths.map((length) => t < length)), 1);
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

function checkLengths(option: string, lengths: readonly number[] | undefined, batch: number, most: number, what: string): void {
  if (lengths === undefined) return;
  if (lengths.length !== batch)
    throw new SinapseError(`ctc: ${option}: expected one for each of the ${batch} sequences, got ${lengths.length}`);
  const tooLong = lengths.find((length) => length > most);
  if (tooLong !== undefined) throw new SinapseError(`ctc: ${option}: a length of ${tooLong}, but there are ${most} ${what}`);
}

// Allowed errors of softmax and its kin. With m the largest element of a row and Σ the sum of e^(x - m): the rounding of x - m is magnified by
// the exponential, Σ is a sum of n terms, and where a logarithm or a difference follows, its operands' sizes count.

import type { TypedArray } from '@sinapse/core';
import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';
import { errors, sumFactor, U } from './rounding.ts';

interface Row {
  readonly largest: number;
  /** ln Σ e^(x - m) >= 0. */
  readonly logSum: number;
}

function rowsOf({ data, shape }: HostTensor): { rows: Row[]; classes: number } {
  const classes = shape.at(-1)!;
  const count = classes === 0 ? 0 : data.length / classes;
  const rows = Array.from({ length: count }, (_, row) => {
    const values = Array.from(data.subarray(row * classes, (row + 1) * classes));
    const largest = Math.max(...values);
    return { largest, logSum: Math.log(values.reduce((sum, x) => sum + Math.exp(x - largest), 0)) };
  });
  return { rows, classes };
}

/** u times a size, where that says anything: a row with infinities or NaN is checked as it is. */
function scaled(size: number): number {
  return Number.isFinite(size) ? U * size : 0;
}

/** Relative to a probability: the exponential and the division (16), the difference and its multiple that the exponential is made of, the sum. */
function probabilityError(p: number, distance: number, classes: number): number {
  return p === 0 ? 0 : scaled(p * (16 + 2 * distance + sumFactor(classes)));
}

function probabilityErrors(x: HostTensor, y: TypedArray): Float64Array {
  const { rows, classes } = rowsOf(x);
  return errors(y, (p, i) => probabilityError(p, rows[Math.floor(i / classes)]!.largest - x.data[i]!, classes));
}

export function softmaxErrors({ call, outputs }: Expectation<'softmax'>): Float64Array {
  return probabilityErrors(call.inputs.x, outputs[0]!.value.data);
}

function logSumError({ logSum }: Row, classes: number): number {
  return 4 * logSum + sumFactor(classes) + 8;
}

export function logSoftmaxErrors({ call, outputs }: Expectation<'logSoftmax'>): Float64Array {
  const { x } = call.inputs;
  const { rows, classes } = rowsOf(x);
  return errors(outputs[0]!.value.data, (y, i) => {
    const row = rows[Math.floor(i / classes)]!;
    return scaled(Math.abs(y) + Math.abs(row.largest - x.data[i]!) + logSumError(row, classes));
  });
}

export function logSumExpErrors({ call, outputs }: Expectation<'logSumExp'>): Float64Array {
  const { rows, classes } = rowsOf(call.inputs.x);
  return errors(outputs[0]!.value.data, (_, i) => scaled(2 * Math.abs(rows[i]!.largest) + logSumError(rows[i]!, classes)));
}

/** The loss may be the difference of two numbers as large as the logits; dlogits is a probability, less 1 at the label. */
export function softmaxCrossEntropyErrors({ call, outputs }: Expectation<'softmaxCrossEntropy'>): readonly Float64Array[] {
  const { logits, labels } = call.inputs;
  const { rows, classes } = rowsOf(logits);
  const [loss, dlogits] = outputs.map(({ value }) => value.data) as [TypedArray, TypedArray];
  const lossErrors = errors(loss, (_, i) => {
    const chosen = logits.data[i * classes + labels.data[i]!] ?? 0;
    return scaled(2 * Math.abs(rows[i]!.largest) + 2 * Math.abs(chosen) + logSumError(rows[i]!, classes));
  });
  const gradientErrors = errors(dlogits, (_, i) => {
    const row = rows[Math.floor(i / classes)]!;
    const distance = row.largest - logits.data[i]!;
    return probabilityError(Math.exp(-distance - row.logSum), distance, classes) + U;
  });
  return [lossErrors, gradientErrors];
}

// Softmax and its relatives. Let m be the largest element of a row, and Σ the sum of e^(x - m). The exponential magnifies the rounding of
// x - m, Σ is a sum of n terms, and a logarithm or a difference adds roundings of the size of its operands.

import type { KernelName, Shape, TypedArray } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { errors, sumFactor, U } from '../tolerances/rounding.ts';
import type { Records } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'extremes'];

const SHAPES: readonly Shape[] = [[1], [2], [10], [17], [1, 3], [5, 1], [4, 8], [3, 15], [7, 16], [2, 33], [3, 257], [2, 3, 10], [2, 1, 2, 4, 5], [0, 5], [67, 64]]; // prettier-ignore

function rowCases<K extends KernelName & ('softmax' | 'logSoftmax' | 'logSumExp')>(grid: Grid, kernel: K): Cases<K> {
  return gridCases<'softmax', { shape: Shape }>(grid, kernel as 'softmax', {
    contents: floats(CLASSES),
    parameters: { shape: grid.full ? [...SHAPES, [130, 1000], [9, 31], [9, 32], [1, 10000]] : SHAPES },
    build: ({ shape, values }, random) => ({ inputs: { x: random.tensor('float32', shape, values) }, attrs: {}, scalars: {} }),
  }) as Cases<KernelName> as Cases<K>;
}

const softmaxCases = (grid: Grid): Cases<'softmax'> => rowCases(grid, 'softmax');

const logSoftmaxCases = (grid: Grid): Cases<'logSoftmax'> => rowCases(grid, 'logSoftmax');

const logSumExpCases = (grid: Grid): Cases<'logSumExp'> => rowCases(grid, 'logSumExp');

type Labels = 'inside' | 'outside' | 'extremes';

function labelsOf(rows: number, classes: number, labels: Labels, random: Values): HostTensor {
  if (labels === 'extremes') return random.tensor('int32', [rows], 'extremes');
  return labels === 'inside' ? random.integers([rows], 0, classes) : random.integers([rows], -1, classes + 1);
}

function softmaxCrossEntropyCases(grid: Grid): Cases<'softmaxCrossEntropy'> {
  return gridCases<'softmaxCrossEntropy', { rows: number; classes: number; labels: Labels }>(grid, 'softmaxCrossEntropy', {
    contents: floats(CLASSES),
    parameters: {
      rows: [0, 1, 3, 4, 8, 17, 64],
      classes: grid.full ? [1, 2, 3, 7, 8, 10, 16, 17, 33, 64, 1000] : [1, 2, 7, 8, 10, 17, 64, 257],
      labels: ['inside', 'outside', 'extremes'],
    },
    build: ({ rows, classes, labels, values }, random) => ({
      inputs: { logits: random.tensor('float32', [rows, classes], values), labels: labelsOf(rows, classes, labels, random) },
      attrs: {},
      scalars: {},
    }),
  });
}

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

/** u times a size. A row with infinities or NaN gets no allowance from it. */
function scaled(size: number): number {
  return Number.isFinite(size) ? U * size : 0;
}

/** The error of a probability p: from the exponential and the division (16 roundings), the difference in the exponent, and the sum. */
function probabilityError(p: number, distance: number, classes: number): number {
  return p === 0 ? 0 : scaled(p * (16 + 2 * distance + sumFactor(classes)));
}

function probabilityErrors(x: HostTensor, y: TypedArray): Float64Array {
  const { rows, classes } = rowsOf(x);
  return errors(y, (p, i) => probabilityError(p, rows[Math.floor(i / classes)]!.largest - x.data[i]!, classes));
}

function softmaxErrors({ call, outputs }: Expectation<'softmax'>): Float64Array {
  return probabilityErrors(call.inputs.x, outputs[0]!.value.data);
}

function logSumError({ logSum }: Row, classes: number): number {
  return 4 * logSum + sumFactor(classes) + 8;
}

function logSoftmaxErrors({ call, outputs }: Expectation<'logSoftmax'>): Float64Array {
  const { x } = call.inputs;
  const { rows, classes } = rowsOf(x);
  return errors(outputs[0]!.value.data, (y, i) => {
    const row = rows[Math.floor(i / classes)]!;
    return scaled(Math.abs(y) + Math.abs(row.largest - x.data[i]!) + logSumError(row, classes));
  });
}

function logSumExpErrors({ call, outputs }: Expectation<'logSumExp'>): Float64Array {
  const { rows, classes } = rowsOf(call.inputs.x);
  return errors(outputs[0]!.value.data, (_, i) => scaled(2 * Math.abs(rows[i]!.largest) + logSumError(rows[i]!, classes)));
}

/** The loss may be a difference of numbers as large as the logits. dlogits is a probability, minus 1 at the label. */
function softmaxCrossEntropyErrors({ call, outputs }: Expectation<'softmaxCrossEntropy'>): readonly Float64Array[] {
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

export const softmaxRecords: Records<'softmax' | 'logSoftmax' | 'logSumExp' | 'softmaxCrossEntropy'> = {
  softmax: {
    cases: softmaxCases,
    why: 'u p times 16 + 2 (m - x), with m the largest of the row, and the factor of a sum',
    allowed: softmaxErrors,
  },
  logSoftmax: {
    cases: logSoftmaxCases,
    why: 'u times the sizes of x - m and of ln Σ with its sum',
    allowed: logSoftmaxErrors,
  },
  logSumExp: {
    cases: logSumExpCases,
    why: 'u times the sizes of m and of ln Σ with its sum',
    allowed: logSumExpErrors,
  },
  softmaxCrossEntropy: {
    cases: softmaxCrossEntropyCases,
    why: 'as logSumExp, less one logit; dlogits as softmax, less 1',
    allowed: softmaxCrossEntropyErrors,
  },
};

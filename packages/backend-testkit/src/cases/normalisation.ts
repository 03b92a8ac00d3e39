// Grids of softmax, its logarithm and the loss that is made of it.

import type { KernelName, Shape } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'extremes'];
const SHAPES: readonly Shape[] = [[1], [2], [10], [17], [1, 3], [5, 1], [4, 8], [3, 15], [7, 16], [2, 33], [3, 257], [2, 3, 10], [2, 1, 2, 4, 5], [0, 5], [67, 64]]; // prettier-ignore

function rowCases<K extends KernelName & ('softmax' | 'logSoftmax' | 'logSumExp')>(grid: Grid, kernel: K): Cases<K> {
  return gridCases<'softmax', { shape: Shape }>(grid, kernel as 'softmax', {
    contents: floats(CLASSES),
    parameters: { shape: grid.full ? [...SHAPES, [130, 1000], [9, 31], [9, 32], [1, 10000]] : SHAPES },
    build: ({ shape, values }, random) => ({ inputs: { x: random.tensor('float32', shape, values) }, attrs: {}, scalars: {} }),
  }) as Cases<KernelName> as Cases<K>;
}

export const softmaxCases = (grid: Grid): Cases<'softmax'> => rowCases(grid, 'softmax');
export const logSoftmaxCases = (grid: Grid): Cases<'logSoftmax'> => rowCases(grid, 'logSoftmax');
export const logSumExpCases = (grid: Grid): Cases<'logSumExp'> => rowCases(grid, 'logSumExp');

type Labels = 'inside' | 'outside' | 'extremes';

function labelsOf(rows: number, classes: number, labels: Labels, random: Values): HostTensor {
  if (labels === 'extremes') return random.tensor('int32', [rows], 'extremes');
  return labels === 'inside' ? random.integers([rows], 0, classes) : random.integers([rows], -1, classes + 1);
}

export function softmaxCrossEntropyCases(grid: Grid): Cases<'softmaxCrossEntropy'> {
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

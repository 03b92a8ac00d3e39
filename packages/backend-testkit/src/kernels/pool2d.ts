// The maximum or the mean of windows, and their gradients.

import type { Pair, Pool2dGeometry, Shape } from '@sinapse/core';
import type { Parameters } from '../grid/covering.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { ValueClass } from '../grid/values.ts';
import type { Sliding } from '../grid/windows.ts';
import { fits, IMAGES, outputOf, paddingOf, PADDINGS, STRIDES } from '../grid/windows.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { magnitudes } from '../tolerances/expectation.ts';
import { fractions, sumFactor } from '../tolerances/rounding.ts';
import { SUMS } from '../tolerances/sums.ts';
import type { Records } from './record.ts';

interface Pooling extends Sliding {
  readonly channels: number;
}

function poolings(grid: Grid): Parameters<Pooling> {
  return {
    batch: [1, 2, 0],
    image: grid.full ? [...IMAGES, [3, 32], [23, 23]] : IMAGES,
    window: [[1, 1], [2, 2], [3, 3], [2, 3], [5, 4], [1, 5]], // prettier-ignore
    strides: STRIDES,
    padding: PADDINGS,
    channels: grid.full ? [1, 2, 3, 4, 7, 8, 16, 17, 33, 64] : [1, 3, 4, 8, 17, 64],
  };
}

const NO_DILATION: Pair = [1, 1];

function poolingFits(row: Pooling): boolean {
  return fits(row, NO_DILATION, true);
}

function poolingOf(row: Pooling): { geometry: Pool2dGeometry; x: Shape; y: Shape } {
  const { batch, image, window, strides, channels } = row;
  const padding = paddingOf(row, NO_DILATION, true);
  const y = [batch, ...outputOf(row, padding, NO_DILATION), channels];
  return { geometry: { window, strides, padding }, x: [batch, ...image, channels], y };
}

const EXTREME_CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'extremes'];

const MEAN_CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'nan', 'infinities', 'wide'];

function maxPool2dCases(grid: Grid): Cases<'maxPool2d'> {
  return gridCases<'maxPool2d', Pooling>(grid, 'maxPool2d', {
    contents: floats(EXTREME_CLASSES),
    parameters: poolings(grid),
    allowed: poolingFits,
    build: (row, random) => {
      const { geometry, x } = poolingOf(row);
      return { inputs: { x: random.tensor('float32', x, row.values) }, attrs: geometry, scalars: {} };
    },
  });
}

function maxPool2dGradCases(grid: Grid): Cases<'maxPool2dGrad'> {
  return gridCases<'maxPool2dGrad', Pooling>(grid, 'maxPool2dGrad', {
    contents: floats(EXTREME_CLASSES),
    parameters: poolings(grid),
    allowed: poolingFits,
    build: (row, random) => {
      const { geometry, x, y } = poolingOf(row);
      return {
        inputs: { x: random.tensor('float32', x, row.values), dy: random.tensor('float32', y, 'ordinary') },
        attrs: geometry,
        scalars: {},
      };
    },
  });
}

function avgPool2dCases(grid: Grid): Cases<'avgPool2d'> {
  return gridCases<'avgPool2d', Pooling & { includePadding: boolean }>(grid, 'avgPool2d', {
    contents: floats(MEAN_CLASSES),
    parameters: { ...poolings(grid), includePadding: [false, true] },
    allowed: poolingFits,
    build: (row, random) => {
      const { geometry, x } = poolingOf(row);
      return {
        inputs: { x: random.tensor('float32', x, row.values) },
        attrs: { ...geometry, includePadding: row.includePadding },
        scalars: {},
      };
    },
  });
}

function avgPool2dGradCases(grid: Grid): Cases<'avgPool2dGrad'> {
  return gridCases<'avgPool2dGrad', Pooling & { includePadding: boolean }>(grid, 'avgPool2dGrad', {
    contents: floats(MEAN_CLASSES),
    parameters: { ...poolings(grid), includePadding: [false, true] },
    allowed: poolingFits,
    build: (row, random) => {
      const { geometry, x, y } = poolingOf(row);
      return {
        inputs: { dy: random.tensor('float32', y, row.values) },
        attrs: { ...geometry, includePadding: row.includePadding, inputShape: x },
        scalars: {},
      };
    },
  });
}

/** The errors of a sum over a window and of the division by its size. */
function avgPoolErrors(e: Expectation<'avgPool2d'> | Expectation<'avgPool2dGrad'>): Float64Array {
  const { window } = e.call.attrs;
  const rerun = e.rerun as (change: unknown) => readonly Float64Array[];
  return fractions(rerun({ inputs: magnitudes(e.call.inputs) })[0]!, sumFactor(window[0] * window[1]) + 2);
}

/** The errors of sums over the overlapping windows of one element. */
function maxPool2dGradErrors({ call, rerun }: Expectation<'maxPool2dGrad'>): Float64Array {
  const { window } = call.attrs;
  const { dy } = magnitudes({ x: call.inputs.x, dy: call.inputs.dy });
  return fractions(rerun({ inputs: { x: call.inputs.x, dy } })[0]!, sumFactor(window[0] * window[1]));
}

export const pool2dRecords: Records<'maxPool2d' | 'maxPool2dGrad' | 'avgPool2d' | 'avgPool2dGrad'> = {
  maxPool2d: {
    cases: maxPool2dCases,
    why: 'one of the values',
  },
  maxPool2dGrad: {
    cases: maxPool2dGradCases,
    why: SUMS,
    allowed: maxPool2dGradErrors,
  },
  avgPool2d: {
    cases: avgPool2dCases,
    why: `${SUMS}; 2 u for the mean`,
    allowed: avgPoolErrors,
  },
  avgPool2dGrad: {
    cases: avgPool2dGradCases,
    why: `${SUMS}; 2 u for the mean`,
    allowed: avgPoolErrors,
  },
};

// Grids of convolution and pooling.

import type { Conv2dGeometry, Padding2d, Pair, Pool2dGeometry, Shape } from '@sinapse/core';
import type { Activation } from '@sinapse/core';
import type { Parameters } from '../grid/covering.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { ValueClass } from '../grid/values.ts';
import { ACTIVATED, FLOAT32 } from './products.ts';

type Padding = 'valid' | 'same' | 'asymmetric' | 'wide';

interface Sliding {
  readonly batch: number;
  readonly image: Pair;
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** Zeros on the four sides; `wide` is more than the window for a convolution. */
function paddingOf({ image, window, strides, padding }: Sliding, dilation: Pair, pooling: boolean): Padding2d {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    const [vertical, horizontal] = image.map((length, i) =>
      Math.max(0, (Math.ceil(length / strides[i]!) - 1) * strides[i]! + dilation[i]! * (window[i]! - 1) + 1 - length),
    ) as [number, number];
    return [vertical >> 1, vertical - (vertical >> 1), horizontal >> 1, horizontal - (horizontal >> 1)];
  }
  const wanted: Padding2d = padding === 'asymmetric' ? [0, 2, 1, 0] : [3, 3, 3, 4];
  return pooling ? (wanted.map((width, side) => Math.min(width, window[side >> 1]! - 1)) as unknown as Padding2d) : wanted;
}

function outputOf({ image, window, strides }: Sliding, padding: Padding2d, dilation: Pair): Pair {
  return image.map(
    (length, i) => Math.floor((length + padding[2 * i]! + padding[2 * i + 1]! - dilation[i]! * (window[i]! - 1) - 1) / strides[i]!) + 1,
  ) as unknown as Pair;
}

function fits(row: Sliding, dilation: Pair, pooling: boolean): boolean {
  return outputOf(row, paddingOf(row, dilation, pooling), dilation).every((length) => length >= 1);
}

const IMAGES: readonly Pair[] = [[1, 1], [5, 5], [7, 4], [8, 8], [9, 13], [16, 17]]; // prettier-ignore
const STRIDES: readonly Pair[] = [[1, 1], [2, 2], [2, 1], [3, 3]]; // prettier-ignore
const PADDINGS: readonly Padding[] = ['valid', 'same', 'asymmetric', 'wide'];

interface Convolution extends Sliding {
  readonly dilation: Pair;
  /** Channels, filters, groups. */
  readonly channels: readonly [number, number, number];
}

function convolutions(grid: Grid): Parameters<Convolution> {
  const channels: Convolution['channels'][] = [[1, 1, 1], [1, 6, 1], [3, 8, 1], [4, 6, 2], [8, 8, 8], [3, 6, 3], [16, 17, 1], [12, 4, 4], [33, 16, 1]]; // prettier-ignore
  return {
    batch: [1, 2, 0],
    image: grid.full ? [...IMAGES, [3, 32], [23, 23], [28, 5]] : IMAGES,
    window: grid.full ? [[1, 1], [3, 3], [2, 5], [5, 1], [4, 4], [7, 7], [5, 5], [1, 3]] : [[1, 1], [3, 3], [2, 5], [5, 1], [4, 4], [7, 7]], // prettier-ignore
    strides: STRIDES,
    padding: PADDINGS,
    dilation: [[1, 1], [2, 2], [1, 3]], // prettier-ignore
    channels: grid.full ? [...channels, [64, 64, 64], [5, 7, 1], [32, 32, 4], [64, 65, 1]] : channels,
  };
}

/** A convolution that transforms tiles spreads what is not finite over a tile; infinities then are NaN, so they are left out. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'zeros', 'nan', 'wide'];

function convolutionFits(row: Convolution): boolean {
  return fits(row, row.dilation, false);
}

function geometryOf(row: Convolution): { geometry: Conv2dGeometry; x: Shape; filter: Shape; y: Shape } {
  const { batch, image, window, strides, dilation } = row;
  const [channels, filters, groups] = row.channels;
  const padding = paddingOf(row, dilation, false);
  return {
    geometry: { strides, padding, dilation, groups },
    x: [batch, ...image, channels],
    filter: [...window, channels / groups, filters],
    y: [batch, ...outputOf(row, padding, dilation), filters],
  };
}

/** What is added to a convolution, and whether the result takes its storage. */
type Residual = 'none' | 'kept' | 'donated';

export function conv2dCases(grid: Grid): Cases<'conv2d'> {
  return gridCases<'conv2d', Convolution & { bias: boolean; residual: Residual; activation: Activation; alpha: number }>(grid, 'conv2d', {
    contents: floats(CLASSES),
    parameters: { ...convolutions(grid), ...ACTIVATED, residual: ['none', 'kept', 'donated'] },
    allowed: convolutionFits,
    build: (row, random) => {
      const { geometry, x, filter, y } = geometryOf(row);
      return {
        inputs: {
          x: random.tensor('float32', x, row.values),
          filter: random.tensor('float32', filter, row.values === 'nan' ? 'ordinary' : row.values),
          ...(row.bias ? { bias: random.tensor('float32', y.slice(-1), 'ordinary') } : {}),
          ...(row.residual === 'none' ? {} : { residual: random.tensor('float32', y, row.values) }),
        },
        attrs: { ...geometry, activation: row.activation, precision: FLOAT32 },
        scalars: { alpha: row.alpha },
        donated: row.residual === 'donated',
      };
    },
  });
}

export function conv2dInputGradCases(grid: Grid): Cases<'conv2dInputGrad'> {
  return gridCases<'conv2dInputGrad', Convolution>(grid, 'conv2dInputGrad', {
    contents: floats(CLASSES),
    parameters: convolutions(grid),
    allowed: convolutionFits,
    build: (row, random) => {
      const { geometry, x, filter, y } = geometryOf(row);
      return {
        inputs: {
          dy: random.tensor('float32', y, row.values),
          filter: random.tensor('float32', filter, row.values === 'nan' ? 'ordinary' : row.values),
        },
        attrs: { ...geometry, inputShape: x, precision: FLOAT32 },
        scalars: {},
      };
    },
  });
}

export function conv2dFilterGradCases(grid: Grid): Cases<'conv2dFilterGrad'> {
  return gridCases<'conv2dFilterGrad', Convolution>(grid, 'conv2dFilterGrad', {
    contents: floats(CLASSES.filter((values) => values !== 'nan')),
    parameters: convolutions(grid),
    allowed: convolutionFits,
    build: (row, random) => {
      const { geometry, x, filter, y } = geometryOf(row);
      return {
        inputs: { x: random.tensor('float32', x, row.values), dy: random.tensor('float32', y, row.values) },
        attrs: { ...geometry, filterShape: filter, precision: FLOAT32 },
        scalars: {},
      };
    },
  });
}

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

export function maxPool2dCases(grid: Grid): Cases<'maxPool2d'> {
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

export function maxPool2dGradCases(grid: Grid): Cases<'maxPool2dGrad'> {
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

export function avgPool2dCases(grid: Grid): Cases<'avgPool2d'> {
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

export function avgPool2dGradCases(grid: Grid): Cases<'avgPool2dGrad'> {
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

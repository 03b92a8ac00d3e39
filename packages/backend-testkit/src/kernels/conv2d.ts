// Convolution and its two gradients.

import type { Activation, Conv2dGeometry, Pair, Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import { ACTIVATED, FLOAT32 } from '../grid/activated.ts';
import type { Parameters } from '../grid/covering.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { ValueClass } from '../grid/values.ts';
import type { Sliding } from '../grid/windows.ts';
import { fits, IMAGES, outputOf, paddingOf, PADDINGS, STRIDES } from '../grid/windows.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { magnitudes } from '../tolerances/expectation.ts';
import { fractions } from '../tolerances/rounding.ts';
import { activatedErrors, productFactor, PRODUCTS } from '../tolerances/sums.ts';
import type { Records } from './record.ts';

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

const CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'zeros', 'nan', 'infinities', 'wide'];

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

/** Whether a residual is added to the convolution, and whether the result takes its storage. */
type Residual = 'none' | 'kept' | 'donated';

function conv2dCases(grid: Grid): Cases<'conv2d'> {
  return gridCases<'conv2d', Convolution & { bias: boolean; residual: Residual; activation: Activation; alpha: number }>(grid, 'conv2d', {
    contents: floats(CLASSES),
    parameters: { ...convolutions(grid), ...ACTIVATED, residual: ['none', 'kept', 'donated'] },
    allowed: convolutionFits,
    build: (row, random) => {
      const { geometry, x, filter, y } = geometryOf(row);
      return {
        inputs: {
          x: random.tensor('float32', x, row.values),
          filter: random.tensor('float32', filter, row.values),
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

function conv2dInputGradCases(grid: Grid): Cases<'conv2dInputGrad'> {
  return gridCases<'conv2dInputGrad', Convolution>(grid, 'conv2dInputGrad', {
    contents: floats(CLASSES),
    parameters: convolutions(grid),
    allowed: convolutionFits,
    build: (row, random) => {
      const { geometry, x, filter, y } = geometryOf(row);
      return {
        inputs: {
          dy: random.tensor('float32', y, row.values),
          filter: random.tensor('float32', filter, row.values),
        },
        attrs: { ...geometry, inputShape: x, precision: FLOAT32 },
        scalars: {},
      };
    },
  });
}

function conv2dFilterGradCases(grid: Grid): Cases<'conv2dFilterGrad'> {
  return gridCases<'conv2dFilterGrad', Convolution>(grid, 'conv2dFilterGrad', {
    contents: floats(CLASSES),
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

function conv2dErrors(e: Expectation<'conv2d'>): Float64Array {
  const { filter, residual } = e.call.inputs;
  return activatedErrors(e, productFactor(sizeOf(filter.shape.slice(0, 3)) + (residual === undefined ? 1 : 2)));
}

function conv2dInputGradErrors(e: Expectation<'conv2dInputGrad'>): Float64Array {
  const { filter } = e.call.inputs;
  const terms = (filter.size / filter.shape[2]!) | 0;
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, productFactor(terms));
}

function conv2dFilterGradErrors(e: Expectation<'conv2dFilterGrad'>): Float64Array {
  const pixels = sizeOf(e.call.inputs.dy.shape.slice(0, 3));
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, productFactor(pixels));
}

export const conv2dRecords: Records<'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad'> = {
  conv2d: {
    cases: conv2dCases,
    why: `${PRODUCTS}; bias and activation as biasActivation`,
    allowed: conv2dErrors,
  },
  conv2dInputGrad: {
    cases: conv2dInputGradCases,
    why: PRODUCTS,
    allowed: conv2dInputGradErrors,
  },
  conv2dFilterGrad: {
    cases: conv2dFilterGradCases,
    why: PRODUCTS,
    allowed: conv2dFilterGradErrors,
  },
};

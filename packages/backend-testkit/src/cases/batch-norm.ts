// Grids of batch normalisation and its gradient.

import type { Activation, Shape } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass } from '../grid/values.ts';
import { hostTensor } from '../grid/values.ts';
import { ACTIVATED, activated, BIASED } from './products.ts';

/** What a channel with infinities becomes is left open. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'wide'];
const EPSILONS: readonly number[] = [1e-5, 1e-3, 0.25];

interface Normalised {
  readonly shape: Shape;
  readonly activation: Activation;
  readonly alpha: number;
  readonly epsilon: number;
  readonly residual: boolean;
}

function shapes(grid: Grid): readonly Shape[] {
  const more: readonly Shape[] = [[3, 0], [1, 1, 1, 8], [2, 5, 5, 16], [700, 3]]; // prettier-ignore
  return [...BIASED, ...more, ...(grid.full ? [[3, 7, 9, 31], [64, 300], [5000, 1], [2, 17, 17, 8]] : [])]; // prettier-ignore
}

const PARAMETERS = {
  activation: ACTIVATED.activation,
  alpha: ACTIVATED.alpha,
  epsilon: EPSILONS,
  residual: [false, true],
};

/** x around another centre: squares that are summed before the mean is subtracted lose their digits there. */
function moved(x: HostTensor, centre: number): HostTensor {
  return hostTensor(
    x.dtype,
    x.shape,
    Array.from(x.data, (value) => value + centre),
  );
}

export function batchNormCases(grid: Grid): Cases<'batchNorm'> {
  return gridCases<'batchNorm', Normalised & { centre: number }>(grid, 'batchNorm', {
    contents: floats(CLASSES),
    parameters: { ...PARAMETERS, shape: shapes(grid), centre: [0, 1000] },
    build: ({ shape, activation, alpha, epsilon, residual, centre, values }, random) => ({
      inputs: {
        x: moved(random.tensor('float32', shape, values), centre),
        scale: random.tensor('float32', shape.slice(-1), 'ordinary'),
        offset: random.tensor('float32', shape.slice(-1), 'ordinary'),
        ...(residual ? { residual: random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values) } : {}),
      },
      attrs: { activation },
      scalars: { alpha, epsilon },
    }),
  });
}

export function batchNormGradCases(grid: Grid): Cases<'batchNormGrad'> {
  return gridCases<'batchNormGrad', Normalised & { centre: number }>(grid, 'batchNormGrad', {
    contents: floats(CLASSES),
    parameters: { ...PARAMETERS, shape: shapes(grid), centre: [0, 1000] },
    build: ({ shape, activation, alpha, epsilon, residual, centre, values }, random) => ({
      inputs: {
        x: moved(random.tensor('float32', shape, values), centre),
        y: activated(random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values), activation, alpha),
        dy: random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values),
        scale: random.tensor('float32', shape.slice(-1), 'ordinary'),
        mean: moved(random.tensor('float32', shape.slice(-1), 'ordinary'), centre),
        variance: random.uniform(shape.slice(-1), 0.1, 4),
      },
      attrs: { activation, residual },
      scalars: { alpha, epsilon },
    }),
  });
}

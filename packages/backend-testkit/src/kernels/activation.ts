// A bias and an activation, and their gradient.

import type { Shape } from '@sinapse/core';
import type { Activated } from '../grid/activated.ts';
import { activated, ACTIVATED, BIASED } from '../grid/activated.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { errors, fraction, sumFactor } from '../tolerances/rounding.ts';
import { activatedErrors, slopedErrors, SUMS } from '../tolerances/sums.ts';
import type { Records } from './record.ts';

function biasActivationCases(grid: Grid): Cases<'biasActivation'> {
  return gridCases<'biasActivation', Activated & { shape: Shape }>(grid, 'biasActivation', {
    contents: floats(['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide']),
    parameters: { shape: [[], ...BIASED], ...ACTIVATED },
    allowed: ({ shape, bias }) => shape.length > 0 || !bias,
    build: ({ shape, bias, activation, alpha, values }, random) => ({
      inputs: {
        x: random.tensor('float32', shape, values),
        ...(bias ? { bias: random.tensor('float32', shape.slice(-1), 'ordinary') } : {}),
      },
      attrs: { activation },
      scalars: { alpha },
    }),
  });
}

function biasActivationGradCases(grid: Grid): Cases<'biasActivationGrad'> {
  return gridCases<'biasActivationGrad', Activated & { shape: Shape }>(grid, 'biasActivationGrad', {
    // The result of an infinity times a slope of 0 is left open, so dy is finite.
    contents: floats(['ordinary', 'tens', 'ties', 'zeros', 'nan', 'wide']),
    parameters: { shape: [[], ...BIASED], ...ACTIVATED },
    allowed: ({ shape, bias }) => shape.length > 0 || !bias,
    build: ({ shape, bias, activation, alpha, values }, random) => ({
      inputs: {
        y: activated(random.tensor('float32', shape, values), activation, alpha),
        dy: random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values),
      },
      attrs: { activation, bias },
      scalars: { alpha },
    }),
  });
}

function biasActivationErrors(e: Expectation<'biasActivation'>): Float64Array {
  return activatedErrors(e, 1);
}

function biasActivationGradErrors({ call, outputs }: Expectation<'biasActivationGrad'>): readonly Float64Array[] {
  const { y, dy } = call.inputs;
  const [dx, dbias] = outputs.map(({ value }) => value.data) as [Float64Array, Float64Array];
  const dxErrors = slopedErrors(y.data, dy.data, call.attrs.activation, call.scalars.alpha);
  const rows = dbias.length === 0 ? 0 : dx.length / dbias.length;
  const dbiasErrors = errors(dbias, (_, channel) => {
    let size = 0;
    let error = 0;
    for (let row = 0; row < rows; row++) {
      size += Math.abs(dx[row * dbias.length + channel]!);
      error += dxErrors[row * dbias.length + channel]!;
    }
    return fraction(size, sumFactor(rows)) + error;
  });
  return [dxErrors, dbiasErrors];
}

export const activationRecords: Records<'biasActivation' | 'biasActivationGrad'> = {
  biasActivation: {
    cases: biasActivationCases,
    why: 'one sum, magnified by the steepest slope; 6 ulps for the function',
    allowed: biasActivationErrors,
  },
  biasActivationGrad: {
    cases: biasActivationGradCases,
    why: `dx: 4 u |dy| times the size of the slope's terms; dbias: ${SUMS}`,
    allowed: biasActivationGradErrors,
  },
};

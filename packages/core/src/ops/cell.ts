// Checks and formulas that the cells of recurrent networks share.

import { ShapeError } from '../contract/errors.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { checkFloats } from './operands.ts';

/** The derivative of sigmoid, computed from its value y. */
export function sigmoidSlope(y: Tensor): Tensor {
  return mul(y, sub(1, y));
}

/** @throws ShapeError unless states are `[batch, units]` and sums `[batch, gates · units]` */
export function checkCell(
  op: string,
  gates: number,
  states: Readonly<Record<string, Spec>>,
  sums: Readonly<Record<string, Spec>>,
): { readonly state: Spec; readonly sum: Spec } {
  checkFloats(op, ...Object.values(states), ...Object.values(sums));
  const [[name, state]] = Object.entries(states) as [[string, Spec]];
  if (state.shape.length !== 2) throw new ShapeError(`${op}: ${name} must be [batch, units], got ${formatShape(state.shape)}`);
  const [batch, units] = state.shape as [number, number];
  const expect = (expected: readonly number[], each: Readonly<Record<string, Spec>>, meaning: string): void => {
    for (const [of, { shape }] of Object.entries(each)) {
      if (!sameShape(shape, expected))
        throw new ShapeError(`${op}: ${of} must be ${formatShape(expected)}, ${meaning}; got ${formatShape(shape)}`);
    }
  };
  expect(state.shape, states, `the shape of ${name}`);
  expect([batch, gates * units], sums, `${gates} times the ${units} units of ${name} for each of its ${batch} rows`);
  return { state: specOf(state.dtype, state.shape), sum: specOf(state.dtype, [batch, gates * units]) };
}

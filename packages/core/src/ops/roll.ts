// Moving elements round an axis.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { checkIsList, normalizeAxis } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { concat } from './concat.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';

/**
 * x with its elements moved along an axis by `shift`; those that leave at the end come back at the front. A negative shift moves them towards the
 * front. Without an axis all elements move in row-major order.
 * @param shift one for each axis, or one for all
 * @throws ShapeError when an axis is out of range, or there are not as many shifts as axes
 */
export function roll(x: Tensor, shift: number | readonly number[], axis?: number | readonly number[]): Tensor {
  checkTensor('roll', x);
  if (axis === undefined) {
    checkValue('roll', shift, check.offset, 'shift');
    return reshape(rolled(reshape(x, [x.size]), shift as number, 0), x.shape);
  }
  const axes = listOf(axis, 'an axis or a list of axes').map((each) => normalizeAxis('roll', each, x.shape.length));
  const given = listOf(shift, 'a shift or a list of shifts');
  for (const each of given) checkValue('roll', each, check.offset, 'shift');
  if (typeof shift !== 'number' && given.length !== axes.length)
    throw new ShapeError(`roll: ${given.length} shifts for ${axes.length} axes`);
  return axes.reduce((y, at, i) => rolled(y, typeof shift === 'number' ? shift : given[i]!, at), x);
}

function listOf(value: number | readonly number[], expected: string): readonly number[] {
  if (typeof value === 'number') return [value];
  checkIsList('roll', value, expected);
  return [...value];
}

function rolled(x: Tensor, shift: number, axis: number): Tensor {
  const length = x.shape[axis]!;
  const moved = length === 0 ? 0 : ((shift % length) + length) % length;
  if (moved === 0) return reshape(x, x.shape);
  const whole = Array.from({ length: axis }, () => null);
  return concat([slice(x, [...whole, { begin: length - moved }]), slice(x, [...whole, { end: length - moved }])], axis);
}

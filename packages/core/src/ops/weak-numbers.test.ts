// A number that meets an integer tensor must be one of its values; nothing is rounded silently.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import { cell } from '../contract/scalar.ts';
import { use } from '../dispatch/active-backend.ts';
import { full, tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, maximum, minimum, mod, mul, sub } from './arithmetic.ts';
import { equal, less } from './comparison.ts';
import { clip, pow } from './power.ts';
import { where } from './select.ts';
import { pad } from './slice.ts';

beforeAll(() => void use(reference()));

const OPS: Readonly<Record<string, (x: Tensor, value: number) => Tensor>> = {
  add, sub, mul, div, mod, pow, maximum, minimum, equal, less,
  clip: (x, value) => clip(x, -1, value),
  pad: (x, value) => pad(x, [[1, 1]], value),
  where: (x, value) => where(tensor([true, false]), x, value),
  full: (_, value) => full([2], value, 'int32'),
}; // prettier-ignore

test.each(Object.entries(OPS))('%s refuses fractions, NaN and numbers beyond int32', (name, op) => {
  const x = tensor([1, 2], { dtype: 'int32' });
  for (const value of [0.5, NaN, 2 ** 31]) expect(() => op(x, value)).toThrow(new RegExp(`^${name}: .* is not a value of int32`));
});

test('where and pad refuse cells, too, and what uint8 and bool cannot hold', () => {
  const bytes = tensor([1, 2], { dtype: 'uint8' });
  expect(() => where(tensor([true, false]), bytes, cell(256))).toThrow(
    'where: 256 is not a value of uint8; cast the tensor to float32 first',
  );
  expect(() => pad(tensor([true]), [[0, 1]], 2)).toThrow('pad: 2 is not a value of bool');
  expect(() => full([1], 2, 'bool')).toThrow('full: 2 is not a value of bool');
  expect([...where(tensor([true, false]), bytes, 255).dataSync()]).toEqual([1, 255]);
  expect([...where(tensor([true, false]), 0.5, 2).dataSync()]).toEqual([0.5, 2]);
});

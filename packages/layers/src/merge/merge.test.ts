import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { tensor, use, zeros } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MergeLayer } from '../index.ts';
import { add, average, concatenate, maximum, multiply } from '../index.ts';

beforeAll(() => void use(reference()));

const merges: readonly (readonly [string, () => MergeLayer])[] = [
  ['add', add],
  ['average', average],
  ['concatenate', concatenate],
  ['maximum', maximum],
  ['multiply', multiply],
];
const numbers = (x: Tensor): number[] => [...x.dataSync()];

describe.each(merges)('%s', (type, make) => {
  test.each([undefined, null, 4, 'x', {}, [], [null], [[4], 'x'], () => []])('build(%o)', (shapes) => {
    const build = (): unknown => make().build(shapes as never, 1);
    expect(build).toThrow(Array.isArray(shapes) && shapes.length === 0 ? `${type}: call: expected a list of tensors` : `${type}: build: inputShape: expected a list of shapes`); // prettier-ignore
  });

  test.each([undefined, null, 4, 'x', {}, [], [1, 2]])('call(%o)', (xs) => {
    expect(() => make().call(xs as never, undefined as never)).toThrow(`${type}: call: expected a list of tensors [batch, …], got`);
  });

  test('one tensor is itself', () => {
    expect(numbers(make().call([tensor([[1, 2]])], undefined as never))).toEqual([1, 2]);
  });

  test('tensors of several ranks are refused', () => {
    expect(() => make().build([[2], [2, 2]], 1)).toThrow(`${type}: its inputs are [1,2] and [1,2,2]; `);
  });
});

test('a length of 1 stretches: a gate for each channel', () => {
  expect(multiply().build([[2, 2, 3], [1, 1, 3]])).toEqual([2, 2, 3]); // prettier-ignore
  expect(add().build([[1], [3], [1]])).toEqual([3]);
  expect(() => add().build([[1], [2], [3]])).toThrow('add: its inputs are [1,1] and [1,2] and [1,3]; they need as many axes');
});

test('tensors join along any axis but that of the batch', () => {
  expect(concatenate({ axis: 1 }).build([[2, 3], [4, 3]])).toEqual([6, 3]); // prettier-ignore
  expect(concatenate({ axis: -2 }).build([[2, 3], [4, 3]])).toEqual([6, 3]); // prettier-ignore
  expect(() => concatenate({ axis: -3 }).build([[2, 3], [4, 3]])).toThrow('along axis -3 they join only if'); // prettier-ignore
  expect(() => concatenate({ axis: 3 }).call([zeros([1, 2])])).toThrow('along axis 3');
});

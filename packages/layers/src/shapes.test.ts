// Layers that arrange values anew: what they give, and what does not fit.

import { reference } from '@sinapse/backend-reference';
import { range, tensor, use, zeros } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { dense } from './dense.ts';
import { permute } from './permute.ts';
import { prelu } from './prelu.ts';
import { repeatVector } from './repeat-vector.ts';
import { reshape } from './reshape.ts';
import { sequential } from './sequential.ts';

beforeAll(() => void use(reference()));

test('reshape keeps the order of the values', () => {
  const y = reshape([3, -1]).call(range(12).cast('float32').reshape([2, 6]));
  expect(y.shape).toEqual([2, 3, 2]);
  expect([...y.dataSync()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(() => reshape([4]).build([3, 2])).toThrow('reshape: an example [3,2] has 6 values, which do not fit [4]');
  expect(() => reshape([4, -1]).build([3, 2])).toThrow('reshape: an example [3,2] has 6 values, which do not fit [4,-1]');
  expect(() => reshape([-1, -1])).toThrow('reshape: expected the shape of one example: integers >= 1, and at most one -1, got [-1,-1]');
  expect(() => reshape(4 as never)).toThrow('reshape: expected the shape');
  expect(() => sequential([['square', reshape([2, 2])]]).build([5])).toThrow('square: reshape: an example [5] has 5 values');
});

test('permute moves the axes of an example', () => {
  const y = permute([2, 1]).call(tensor([[[1, 2, 3], [4, 5, 6]]])); // prettier-ignore
  expect(y.shape).toEqual([1, 3, 2]);
  expect([...y.dataSync()]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(() => permute([2, 1]).build([3])).toThrow('permute: [2,1] orders 2 axes, an example [3] has 1');
  expect(() => permute([0, 1])).toThrow(
    'permute: expected the axes of an example in their new order, e.g. [2, 1]: the numbers 1 to n, each once',
  );
});

test('repeatVector repeats', () => {
  expect([...repeatVector(2).call(tensor([[1, 2], [3, 4]])).dataSync()]).toEqual([1, 2, 1, 2, 3, 4, 3, 4]); // prettier-ignore
  expect(() => repeatVector(2).build([2, 3])).toThrow('repeatVector: each example must be [features], got [2,3]');
  expect(() => repeatVector(0)).toThrow('repeatVector: count: expected an integer >= 1, got 0');
});

test('prelu has a slope for each channel, or those that its options say', () => {
  const layer = prelu();
  expect(layer.build([2, 3])).toEqual([2, 3]);
  expect(layer.alpha!.shape).toEqual([1, 3]);
  layer.alpha!.assign(tensor([[0.5, 0, -1]]));
  expect([...layer.call(tensor([[[-2, -2, -2], [4, 4, 4]]])).dataSync()]).toEqual([-1, -0, 2, 4, 4, 4]); // prettier-ignore
  const free = prelu({ sharedAxes: [], alphaConstraint: 'nonNegative' });
  free.build([2, 3]);
  expect(free.alpha!.shape).toEqual([2, 3]);
  expect([...free.alpha!.value.dataSync()]).toEqual(Array.from({ length: 6 }, () => 0.25));
  expect([...free.alpha!.constraint!(tensor([-1, 1])).dataSync()]).toEqual([0, 1]);
  expect(() => layer.call(zeros([1, 2, 4]))).toThrow('prelu: built with slopes [1,3], which do not fit an example [2,4]');
  expect(() => prelu({ sharedAxes: [3] }).build([2, 3])).toThrow('prelu: axis 3 is out of range');
});

test('one layer after another, with the path of the one that fails', () => {
  const model = sequential([reshape([2, 3]), permute([2, 1]), ['rows', dense({ units: 4 })]]);
  expect(model.build([6])).toEqual([3, 4]);
  expect(() => model.call(zeros([1, 7]))).toThrow('reshape1: reshape: an example [7] has 7 values, which do not fit [2,3]');
});

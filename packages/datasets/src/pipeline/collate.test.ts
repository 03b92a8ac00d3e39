import { runInNewContext } from 'node:vm';
import { reference } from '@sinapse/backend-reference';
import { SinapseError, tensor, use } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { Dataset } from '../dataset.ts';
import { collate } from './collate.ts';

use(reference());

const floats = (...values: number[]) => Float32Array.from(values);

describe('examples of one form become one batch', () => {
  test.each<[string, unknown[], unknown]>([
    ['whole numbers: int32', [0, 2, -1], { data: Int32Array.of(0, 2, -1), shape: [3] }],
    ['other numbers: float32', [1, 0.5], { data: floats(1, 0.5), shape: [2] }],
    ['numbers that int32 does not hold', [1, 2 ** 31], { data: floats(1, 2 ** 31), shape: [2] }],
    ['a zero with a sign is a number', [-0, NaN], { data: floats(-0, NaN), shape: [2] }],
    ['booleans', [true, false], { data: Uint8Array.of(1, 0), shape: [2], dtype: 'bool' }],
    ['lists of whole numbers: float32', [[1, 2], [3, 4], [5, 6]], { data: floats(1, 2, 3, 4, 5, 6), shape: [3, 2] }],
    ['nested lists', [[[1, 2]], [[3, 4]]], { data: floats(1, 2, 3, 4), shape: [2, 1, 2] }],
    ['lists of booleans', [[true], [false]], { data: Uint8Array.of(1, 0), shape: [2, 1], dtype: 'bool' }],
    ['lists of typed arrays', [[floats(1, 2)], [floats(3, 4)]], { data: floats(1, 2, 3, 4), shape: [2, 1, 2] }],
    ['float32 data', [floats(1, 2), floats(3, 4)], { data: floats(1, 2, 3, 4), shape: [2, 2] }],
    ['float64 data', [Float64Array.of(0.1)], { data: floats(0.1), shape: [1, 1] }],
    ['int32 data', [Int32Array.of(1), Int32Array.of(2)], { data: Int32Array.of(1, 2), shape: [2, 1] }],
    ['bytes', [Uint8Array.of(1), Uint8Array.of(255)], { data: Uint8Array.of(1, 255), shape: [2, 1] }],
    ['bytes of a canvas', [Uint8ClampedArray.of(1, 255)], { data: Uint8Array.of(1, 255), shape: [1, 2] }],
    ['arrays with a shape', [{ data: floats(1, 2), shape: [1, 2] }, { data: floats(3, 4), shape: [1, 2] }], { data: floats(1, 2, 3, 4), shape: [2, 1, 2] }],
    ['half precision', [{ data: Uint16Array.of(1), shape: [1], dtype: 'float16' }], { data: Uint16Array.of(1), shape: [1, 1], dtype: 'float16' }],
    ['texts', ['a', 'b'], ['a', 'b']],
    ['records', [{ x: [1], y: 3 }, { y: 4, x: [2] }], { x: { data: floats(1, 2), shape: [2, 1] }, y: { data: Int32Array.of(3, 4), shape: [2] } }],
    ['records in records', [{ x: { a: 0.5 } }], { x: { a: { data: floats(0.5), shape: [1] } } }],
  ])('%s', (_, examples, batch) => expect(collate(examples)).toEqual(batch)); // prettier-ignore

  test('arrays of another realm join arrays of this one', () => {
    const elsewhere = runInNewContext('Float32Array.of(1, 2)') as Float32Array;
    expect(collate([elsewhere, floats(3, 4)])).toEqual({ data: floats(1, 2, 3, 4), shape: [2, 2] });
  });

  test('tensors stay a list', () => {
    const tensors = [tensor([1, 2]), tensor([3, 4])];
    expect(collate(tensors)).toEqual(tensors);
  });
});

describe('examples that differ are named by member and place', () => {
  const rest = '; map the examples to one form, or pass .batch(size, { collate })';
  test.each<[string, unknown[], string]>([
    ['another length', [{ x: [1, 2] }, { x: [1, 2, 3] }], 'batch: x: example 1 has shape [3], example 0 [2]'],
    ['another rank', [[1], [1], [[1]]], 'batch: example 2 has shape [1,1], example 0 [1]'],
    ['rows of two lengths', [{ x: { a: [[1, 2], [3]] } }], 'batch: x.a: example 0 is ragged: a row has 1 items where 2 was expected'],
    ['a row among numbers', [[1, [2]]], 'batch: example 0 is ragged: a row has 1 items where a number was expected'],
    ['a number among rows', [[[1], 2]], 'batch: example 0 holds 2; arrays hold numbers or booleans, in rows of one length'],
    ['a text in a list', [[1], ['2']], 'batch: example 1 holds "2"; arrays hold numbers or booleans'],
    ['another form', [{ y: 1 }, { y: [1] }], 'batch: y: example 1 is [1], example 0 1'],
    ['another type', [floats(1), Int32Array.of(1)], 'batch: example 1 is a Int32Array, example 0 a Float32Array'],
    ['a member missing', [{ x: 1, y: 1 }, { x: 1 }], 'batch: example 1 has x, example 0 has x, y'],
    ['undefined', [{ x: 1 }, undefined], 'batch: example 1 is undefined, example 0 an object'],
    ['a member undefined', [{ x: undefined }], 'batch: x: example 0 is undefined, which has no default collation'],
    ['a date', [new Date(0)], 'batch: example 0 is an object, which has no default collation'],
    ['big integers', [BigInt64Array.of(1n)], 'batch: a BigInt64Array has no default collation'],
    ['data that does not fill its shape', [{ data: floats(1), shape: [2] }], 'batch: example 0 has 1 values, its shape [2] needs 2'],
    ['tensors of two shapes', [tensor([1]), tensor([1, 2])], 'batch: example 1 has shape [2], example 0 [1]'],
  ])('%s', (_, examples, message) => {
    expect(() => collate(examples)).toThrow(SinapseError);
    expect(() => collate(examples)).toThrow(message);
    expect(() => collate(examples)).toThrow(rest);
  }); // prettier-ignore
});

test('a dataset knows the type of its batches', async () => {
  for await (const { x, y, name } of Dataset.from([{ x: [1, 2], y: 0, name: 'a' }]).batch(2)) {
    const shapes: readonly (readonly number[])[] = [x.shape, y.shape];
    expect([shapes, name]).toEqual([[[1, 2], [1]], ['a']]);
  }
});

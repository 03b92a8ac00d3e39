// Arrays as callers have them: of a canvas, of a file, of another realm.

import { runInNewContext } from 'node:vm';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import * as check from '../contract/checks.ts';
import type { TypedArray } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import type { NestedArray } from './nested.ts';
import { tensor } from './creation.ts';

beforeAll(() => void use(reference()));

test('each kind of typed array has its dtype', () => {
  const kinds = [
    [Float32Array.of(1, 2), 'float32'],
    [Float64Array.of(1, 2), 'float32'],
    [Int32Array.of(1, 2), 'int32'],
    [Uint8Array.of(1, 2), 'uint8'],
    [Uint8ClampedArray.of(1, 2), 'uint8'],
  ] as const;
  for (const [array, dtype] of kinds) {
    const x = tensor(array);
    expect([x.dtype, ...x.dataSync()]).toEqual([dtype, 1, 2]);
  }
});

test('the pixels of a canvas keep their values and belong to the caller', () => {
  const pixels = Uint8ClampedArray.of(9, 255, 0, 128, 7).subarray(1);
  const x = tensor(pixels, { shape: [1, 1, 4] });
  pixels[0] = 1;
  expect([...x.dataSync()]).toEqual([255, 0, 128, 7]);
  expect([...tensor(pixels, { dtype: 'float32' }).dataSync()]).toEqual([1, 0, 128, 7]);
});

test('other kinds need a dtype, and the message names the kind', () => {
  const taken = 'by themselves are taken Float32Array, Float64Array (as float32), Int32Array, Uint8Array, Uint8ClampedArray (as uint8)';
  for (const kind of [Int8Array, Int16Array, Uint32Array]) {
    expect(() => tensor(kind.of(1))).toThrow(new DTypeError(`tensor: a ${kind.name} needs its dtype, e.g. { dtype: 'int32' }; ${taken}`));
    expect([...tensor(kind.of(1, 2), { dtype: 'int32' }).dataSync()]).toEqual([1, 2]);
  }
  expect(() => tensor(Uint16Array.of(1))).toThrow(
    `tensor: a Uint16Array needs its dtype: float16 or bfloat16 for bits, int32 for integers; ${taken}`,
  );
  expect(() => tensor(Uint32Array.of(2 ** 31), { dtype: 'int32' })).toThrow('tensor: 2147483648 is not a value of int32');
});

test('arrays without numbers are refused', () => {
  for (const kind of [BigInt64Array, BigUint64Array])
    expect(() => tensor(kind.of(1n) as never, { dtype: 'int32' })).toThrow(
      new DTypeError(`tensor: a ${kind.name} holds bigints, and no dtype has 64 bits; convert it: Int32Array.from(data, Number)`),
    );
  expect(() => tensor(new DataView(new ArrayBuffer(4)) as never)).toThrow('tensor: a DataView has no elements; make a typed array');
});

test('arrays of another realm are arrays', async () => {
  const elsewhere = <T>(code: string): T => runInNewContext(code) as T;
  const floats = elsewhere<TypedArray>('Float32Array.of(0.5, 2)');
  expect(floats).not.toBeInstanceOf(Float32Array);
  expect([tensor(floats).dtype, ...tensor(floats).dataSync()]).toEqual(['float32', 0.5, 2]);
  expect(tensor(elsewhere<Uint8ClampedArray>('Uint8ClampedArray.of(1)')).dtype).toBe('uint8');
  expect(tensor(elsewhere<TypedArray>('Int32Array.of(1)')).dtype).toBe('int32');
  expect(await tensor(elsewhere<NestedArray>('[[1, 2], [3, 4]]')).array()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(check.bytes.accepts(elsewhere('Uint8Array.of(1)'))).toBe(true);
  expect([[1], new ArrayBuffer(1), Int8Array.of(1), undefined, 3].map(check.bytes.accepts)).toEqual([false, false, false, false, false]);
});

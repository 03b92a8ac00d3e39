// Sizes that no machine has, and arrays that lie about theirs: an error on every engine, before anything is computed with them.

import type { Tensor, TypedArray } from '@sinapse/core';
import {
  avgPool2d,
  conv2d,
  eye,
  full,
  gather,
  grad,
  maxPool2d,
  memory,
  ones,
  OutOfMemoryError,
  pad,
  randomBernoulli,
  randomNormal,
  randomPermutation,
  randomTruncatedNormal,
  randomUniform,
  reshape,
  scope,
  ShapeError,
  SinapseError,
  specOf,
  stack,
  sum,
  tensor,
  transpose,
  withBackend,
  zeros,
} from '@sinapse/core';
import { describe, expect, it } from 'vitest';
import { cpu } from '../src/index.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    scope(() => void action());
  } catch (error) {
    return error;
  }
  return undefined;
}

for (const engine of ['native', 'wasm', 'reference'] as const) {
  const backend = await cpu({ engine, threads: 2 }).catch(() => undefined);
  const on = (body: () => void) => (): void => withBackend(backend!, () => scope(body));

  describe.skipIf(backend === undefined)(`${engine}${backend === undefined ? ' (needs the engine)' : ''}`, () => {
    it(
      'what no memory holds is refused with its size',
      on(() => {
        const small = ones([2, 2]);
        const before = memory().backend.liveBytes;
        const makers: Readonly<Record<string, () => Tensor>> = {
          zeros: () => zeros([2 ** 45]),
          'the largest shape': () => zeros([2 ** 53 - 1]),
          ones: () => ones([2 ** 45]),
          full: () => full([2 ** 45], 7, 'int32'),
          eye: () => eye(2 ** 23),
          uniform: () => randomUniform([2 ** 45], { seed: 1 }),
          normal: () => randomNormal([2 ** 45], { seed: 1 }),
          truncated: () => randomTruncatedNormal([2 ** 45], { seed: 1 }),
          bernoulli: () => randomBernoulli([2 ** 45], 0.5, { seed: 1 }),
          permutation: () => randomPermutation(2 ** 45, { seed: 1 }),
          'padded to 2^62 elements': () =>
            pad(small, [
              [2 ** 30, 2 ** 30],
              [2 ** 30, 2 ** 30],
            ]),
        };
        for (const [name, make] of Object.entries(makers)) {
          const error = thrownBy(make);
          if (!(error instanceof OutOfMemoryError && error.asked >= 2 ** 45)) expect.fail(`${name}: ${String(error)}`);
        }
        expect(memory().backend.liveBytes).toBe(before);
        expect([...small.add(1).dataSync()]).toEqual([2, 2, 2, 2]);
      }),
    );

    it(
      'a length that is no integer up to 2^53 is refused',
      on(() => {
        for (const length of [2 ** 53, 2 ** 60, NaN, Infinity, -1, 0.5]) {
          const makers = [zeros, ones, (shape: number[]) => full(shape, 1), (shape: number[]) => randomUniform(shape, { seed: 1 })];
          for (const make of makers) expect(thrownBy(() => make([length]))).toBeInstanceOf(ShapeError);
          if (length !== -1) expect(thrownBy(() => reshape(ones([2]), [length, 2]))).toBeInstanceOf(ShapeError);
        }
      }),
    );

    it(
      'windows, strides, dilation and padding beyond 2^20 are refused, by the gradients as well',
      on(() => {
        const [x, filter] = [ones([1, 5, 5, 3]), ones([3, 3, 3, 4])];
        for (const most of [2 ** 20 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53]) {
          for (const options of [{ padding: most }, { strides: most }, { dilation: most }, { padding: most, strides: most }]) {
            const calls = [
              () => conv2d(x, filter, options),
              () => grad((x: Tensor) => sum(conv2d(x, filter, options)))(x),
              () => grad((filter: Tensor) => sum(conv2d(x, filter, options)))(filter),
            ];
            for (const call of calls) expect(thrownBy(call)).toBeInstanceOf(SinapseError);
          }
          for (const options of [{ padding: most }, { strides: most }]) {
            expect(thrownBy(() => maxPool2d(x, { window: 3, ...options }))).toBeInstanceOf(SinapseError);
            expect(thrownBy(() => avgPool2d(x, { ...options, window: most, padding: most }))).toBeInstanceOf(SinapseError);
          }
        }
      }),
    );

    it(
      'strides far beyond the image take as long as the image, and give the first window',
      on(() => {
        const [x, filter] = [ones([1, 5, 5, 3]), ones([3, 3, 3, 4])];
        const options = { strides: 2 ** 20, padding: 1 };
        expect([...conv2d(x, filter, options).dataSync()]).toEqual(Array(4).fill(12));
        const dx = grad((x: Tensor) => sum(conv2d(x, filter, options)))(x);
        const expected = Array.from({ length: 75 }, (_, i) => (i % 15 < 6 && i < 30 ? 4 : 0)); // the 2 x 2 pixels of the window
        expect([...dx.dataSync()]).toEqual(expected);
      }),
    );

    it(
      'a tensor has 64 axes at most',
      on(() => {
        const most = ones([...Array<number>(62).fill(1), 2, 3]);
        expect(transpose(most).shape).toEqual([3, 2, ...Array<number>(62).fill(1)]);
        expect([...transpose(most).add(most.slice([])).sum().dataSync()].length).toBe(1);
        let nested: unknown = 1;
        for (let i = 0; i < 2000; i++) nested = [nested];
        const calls = [
          () => ones(Array<number>(65).fill(1)),
          () => reshape(most, [1, ...most.shape]),
          () => stack([most, most]),
          () => tensor(nested as number[]),
          () => gather(most, zeros(Array<number>(64).fill(1), 'int32')),
        ];
        for (const call of calls)
          expect(thrownBy(call)).toMatchObject({ name: 'ShapeError', message: expect.stringMatching(/64 axes, got \d+$/) as string });
      }),
    );

    it(
      'a typed array has the elements that the JavaScript engine knows of',
      on(() => {
        const lying = (data: TypedArray, length: number): TypedArray =>
          Object.defineProperties(data, {
            length: { value: length },
            byteLength: { value: 4 * length },
            constructor: { value: Float32Array },
          });
        expect(thrownBy(() => tensor(lying(Float32Array.of(1, 2), 1e6), { shape: [1e6] }))).toMatchObject({
          message: 'tensor: shape [1000000] has 1000000 elements, the data 2',
        });
        for (const length of [0, 2, 1e9]) {
          expect([...tensor(lying(Float32Array.of(1, 2, 3), length), { shape: [3] }).dataSync()]).toEqual([1, 2, 3]);
          expect([...tensor(lying(Int32Array.of(1, 2, 3), length), { shape: [3] }).dataSync()]).toEqual([1, 2, 3]);
          const view = { ...specOf('float32', [3]), storage: backend!.allocate(specOf('float32', [3])), offset: 0 };
          backend!.write(view, lying(Float64Array.of(4, 5, 6), length));
          expect([...backend!.readSync!(view)]).toEqual([4, 5, 6]);
          backend!.release(view.storage);
        }
      }),
    );

    it(
      'the array of a detached or shrunk buffer is empty',
      on(() => {
        const detached = Float32Array.of(1, 2);
        structuredClone(detached.buffer, { transfer: [detached.buffer] });
        expect(thrownBy(() => tensor(detached, { shape: [2] }))).toBeInstanceOf(ShapeError);
        const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer & { resize(length: number): void };
        const buffer = new Resizable(16, { maxByteLength: 32 });
        const tracking = new Float32Array(buffer);
        const fixed = new Float32Array(buffer, 0, 4);
        buffer.resize(8);
        expect(thrownBy(() => tensor(fixed, { shape: [4] }))).toBeInstanceOf(ShapeError);
        expect(tensor(tracking, { shape: [2] }).size).toBe(2);
      }),
    );

    it(
      'a view that does not lie inside its storage is not read or written',
      on(() => {
        const spec = specOf('float32', [4]);
        const storage = backend!.allocate(spec);
        for (const view of [{ ...spec, offset: 1000 }, { ...spec, offset: -1 }, specOf('float32', [1e6])]) {
          const wrong = { offset: 0, ...view, storage };
          if (engine === 'reference') continue; // it checks the bounds of its arrays by itself
          expect(() => backend!.readSync!(wrong)).toThrow(/does not lie inside its storage/);
          expect(() => backend!.write(wrong, new Float32Array(wrong.size))).toThrow(/does not lie inside its storage/);
        }
        backend!.release(storage);
      }),
    );
  });
}

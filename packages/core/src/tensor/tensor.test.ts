import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use, withBackend } from '../dispatch/active-backend.ts';
import {
  eye,
  full,
  ones,
  randomBernoulli,
  randomNormal,
  randomPermutation,
  randomTruncatedNormal,
  randomUniform,
  range,
  tensor,
  zeros,
} from './creation.ts';
import { OutOfMemoryError, SinapseError } from '../contract/errors.ts';
import { memory } from './memory.ts';
import { meta } from '../dispatch/meta.ts';
import { broadcastTo } from '../ops/sum.ts';
import { scope } from './scope.ts';
import { Tensor, isTensor } from './tensor.ts';

beforeAll(() => void use(reference()));

describe('creation', () => {
  test('from nested arrays', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([x.shape, x.dtype, x.size, x.rank]).toEqual([[2, 3], 'float32', 6, 2]);
    expect(await x.array()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await tensor([true, false]).array()).toEqual([true, false]);
    expect(await tensor(3).item()).toBe(3);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  test('from typed arrays, whose dtype it takes; the array stays the caller’s', () => {
    const data = Int32Array.of(1, 2, 3, 4);
    const x = tensor(data, { shape: [2, 2] });
    data[0] = 99;
    expect([x.dtype, ...x.dataSync()]).toEqual(['int32', 1, 2, 3, 4]);
    expect(tensor(Uint8Array.of(0, 7), { shape: [2], dtype: 'bool' }).dataSync()).toEqual(Uint8Array.of(0, 1));
  });

  test('what does not fit is an error', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow('tensor: rows differ');
    expect(() => tensor([1, [2]])).toThrow('tensor: rows differ');
    expect(() => tensor([1, true])).toThrow('tensor: numbers and booleans are mixed');
    expect(() => tensor(['a'] as never)).toThrow('tensor: values are numbers or booleans, got "a"');
    expect(() => tensor(new Float32Array(3), { shape: [2, 2] })).toThrow('tensor: shape [2,2] has 4 elements, the data 3');
    expect(() => zeros([-1])).toThrow('zeros: [-1] is not a shape');
    expect(() => zeros(3 as never)).toThrow('zeros: 3 is not a shape: a list of lengths, e.g. [2, 3]');
    expect(() => ones([2]).reshape(undefined as never)).toThrow('reshape: undefined is not a shape: a list of lengths');
    expect(() => ones([2], 'float' as never)).toThrow('ones: dtype: expected one of float32');
  });

  test('constants, ranges, identity', async () => {
    expect([...full([2], 7, 'int32').dataSync(), ...ones([1]).dataSync(), ...range(3).dataSync()]).toEqual([7, 7, 1, 0, 1, 2]);
    expect(await eye(2).array()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('more than there can be is an error that says how much was asked for', () => {
    const { tensors, storages, bytes } = memory();
    const shape = [1e6, 1e6];
    const refusal = (what: string) => {
      const message = expect.stringContaining(`memory: ${what} needs 4,000,000,000,000 bytes, which could not be allocated`) as string;
      return expect.objectContaining({ name: 'OutOfMemoryError', asked: 4e12, message }) as Error;
    };
    expect(() => zeros(shape)).toThrow(refusal('a float32 tensor [1000000,1000000] on reference'));
    expect(() => scope(() => broadcastTo(ones([1]), shape))).toThrow(OutOfMemoryError);
    expect(() => eye(1e6)).toThrow(refusal('eye [1000000,1000000]'));
    expect(() => randomNormal(shape, { seed: 1 })).toThrow(refusal('randomNormal [1000000,1000000]'));
    expect(() => randomTruncatedNormal(shape, { seed: 1 })).toThrow(OutOfMemoryError);
    expect(() => randomUniform(shape, { seed: 1 })).toThrow(refusal('a int32 tensor [1000000,1000000] on reference'));
    expect(() => randomPermutation(1e12, { seed: 1 })).toThrow(refusal('randomPermutation [1000000000000]'));
    expect(memory()).toMatchObject({ tensors, storages, bytes });
  });

  test('uniform values lie in [low, high), also where float32 would round to high', () => {
    // Between 1000 and 1001 float32 values are 2^-14 apart: unclamped, one in 32,768 draws would round to 1001.
    const drawn = randomUniform([500, 1000], { seed: 1, low: 1000, high: 1001 });
    expect([drawn.min().dataSync()[0], drawn.max().dataSync()[0]]).toEqual([1000, 1001 - 2 ** -14]);
    expect(Math.abs(drawn.mean().dataSync()[0]! - 1000.5)).toBeLessThan(0.01);
    expect([...randomUniform([2], { seed: 1, low: 3, high: 3 }).dataSync()]).toEqual([3, 3]);
    for (const [low, high] of [
      [1, 0],
      [-3e38, 3e38],
    ] as const)
      // prettier-ignore
      expect(() => randomUniform([1], { seed: 1, low, high })).toThrow(`low <= high, got ${low} and ${high}`);
    for (const [low, high] of [
      [NaN, 1],
      [0, Infinity],
    ] as const)
      // prettier-ignore
      expect(() => randomUniform([1], { seed: 1, low, high })).toThrow('expected a finite number');
  });

  test('random tensors depend on the seed alone', () => {
    expect(randomUniform([5], { seed: 1 }).dataSync()).toEqual(randomUniform([5], { seed: 1 }).dataSync());
    expect(randomUniform([5], { seed: 1 }).dataSync()).not.toEqual(randomUniform([5], { seed: 2 }).dataSync());
    expect(randomNormal([5], { seed: 1 }).dataSync()).toEqual(randomNormal([5], { seed: 1 }).dataSync());
    expect([...randomPermutation(5, { seed: 1 }).dataSync()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    const share = randomBernoulli([10000], 0.3, { seed: 1 }).cast('float32').mean().dataSync()[0]!;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.025); // five standard deviations
  });
});

describe('reading', () => {
  test('data is a copy', async () => {
    const x = tensor([1, 2]);
    (await x.data())[0] = 9;
    x.dataSync()[1] = 9;
    expect([...x.dataSync()]).toEqual([1, 2]);
  });

  test('a read that was begun survives dispose', async () => {
    const x = tensor([1, 2]);
    const reading = x.data();
    x.dispose();
    zeros([2]);
    expect([...(await reading)]).toEqual([1, 2]);
  });

  test('to another backend', async () => {
    const other = reference();
    const x = tensor([1, 2]);
    const y = await x.to(other);
    expect([...y.dataSync()]).toEqual([1, 2]);
    expect(() => x.add(y)).toThrow('add: tensors lie on two backends, both named reference; move one with await x.to(backend)');
  });

  test('item of more than one element is an error', async () => {
    await expect(tensor([1, 2]).item()).rejects.toThrow('item: [2] has 2 elements, not one');
  });

  test('meta tensors have a shape and no values', async () => {
    const y = withBackend(meta(), () => zeros([2, 3]).matmul(zeros([3, 4])));
    expect(y.shape).toEqual([2, 4]);
    await expect(y.data()).rejects.toThrow('has no values');
    expect(String(y)).toBe('float32 [2,4] on meta');
  });
});

test('isTensor tells tensors from other things, and names a second copy of the package', () => {
  expect(isTensor(tensor(1))).toBe(true);
  expect([isTensor(1), isTensor(null), isTensor({})]).toEqual([false, false, false]);
  expect(() => isTensor({ brand: Symbol.for('sinapse.tensor') })).toThrow('two copies of @sinapse/core are loaded');
  expect(tensor(1)).toBeInstanceOf(Tensor);
});

test('operators of JavaScript do not compute with tensors, and say what does', () => {
  const x = tensor([1, 2]);
  // @ts-expect-error
  expect(() => x + 1).toThrow(new SinapseError('a tensor is no number: for x + 1 use x.add(1); for its value await x.item()'));
  // @ts-expect-error
  for (const compute of [() => 2 * x, () => 1 - x, () => x / 2, () => x < 1, () => Math.sqrt(x), () => x + x])
    expect(compute).toThrow('use x.add(1)');
  expect(String(x)).toBe(x.toString());
});

// Files that h5py and Keras wrote (fixtures/record-keras.py).

import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, test, vi } from 'vitest';
import { mutate } from '../../test/mutate.ts';
import { FormatError } from '../index.ts';
import { decodeHdf5, decodeKeras } from './index.ts';

const MUTATIONS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;

const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));
const f32 = (shape: readonly number[], values: Iterable<number>) => ({ dtype: 'float32', shape, data: Float32Array.from(values) });

describe('HDF5', () => {
  test('arrays of numbers, without links and texts', async () => {
    expect(Object.fromEntries(await decodeHdf5(fixture('arrays.h5')))).toEqual({
      float64: { dtype: 'float64', shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) },
      'group/half': f32([2], [0.0999755859375, -2.5]),
      'group/big': { dtype: 'int32', shape: [3], data: Int32Array.of(0, 1, 2) },
      'group/int64': { dtype: 'int64', shape: [1], data: BigInt64Array.of(2n ** 53n + 1n) },
      uint8: { dtype: 'uint8', shape: [5], data: Uint8Array.of(0, 1, 2, 3, 4) },
      bool: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
      scalar: f32([], [2.5]),
      empty: f32([0, 7], []),
      deflated: f32([50, 50], new Float32Array(2500)),
    });
    const halves = await decodeHdf5(fixture('arrays.h5'), { keepHalves: true });
    expect(halves.get('group/half')).toEqual({ dtype: 'float16', shape: [2], data: Uint16Array.of(0x2e66, 0xc100) });
  });

  test('a small file cannot ask for much memory', async () => {
    await expect(decodeHdf5(fixture('huge.h5'))).rejects.toThrow(
      new FormatError('hdf5: array "huge" of [1099511627776] cannot be in a file of 1400 bytes'),
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['a text', new TextEncoder().encode('hello'), /^hdf5: the file does not begin like HDF5$/],
    ['an end too early', fixture('arrays.h5').subarray(0, 1000), /^hdf5: the file is broken: .+$/],
  ])('%s is refused', (_, bytes, message) => expect(decodeHdf5(bytes)).rejects.toThrow(message));

  test('an unknown option is refused', () =>
    expect(decodeHdf5(fixture('arrays.h5'), { keepHalfs: true } as never)).rejects.toThrow(
      'hdf5: keepHalfs is no option; there is keepHalves',
    ));
});

describe('Keras', () => {
  const { weights } = JSON.parse(new TextDecoder().decode(fixture('keras.json'))) as { weights: Record<string, number[]> };
  const expected = Object.entries(weights).map(([path, shape]) => [path.replace('network/', ''), shape]);

  test.each(['keras3.keras', 'keras3.weights.h5', 'keras3-legacy.h5'])('%s', async (file) => {
    const arrays = await decodeKeras(fixture(file));
    expect(Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape]))).toEqual(Object.fromEntries(expected));
    expect([...arrays.values()]).not.toContainEqual(expect.objectContaining({ dtype: 'int32' }));
  });

  test('all three hold the same', async () => {
    const [first, ...others] = await Promise.all(['keras3.keras', 'keras3.weights.h5', 'keras3-legacy.h5'].map((file) => decodeKeras(fixture(file)))); // prettier-ignore
    for (const other of others) expect(Object.fromEntries(other)).toEqual(Object.fromEntries(first!));
  });

  test('names of Keras 2, and a model in a model', async () => {
    expect(Object.fromEntries(await decodeKeras(fixture('keras2.h5')))).toEqual({
      'conv1/kernel': f32([2, 3], [0, 1, 2, 3, 4, 5]),
      'norm1/gamma': f32([4], [0, 1, 2, 3]),
      'norm1/beta': f32([4], [0, 1, 2, 3]),
      'norm1/moving_mean': f32([4], [0, 1, 2, 3]),
      'norm1/moving_variance': f32([4], [0, 1, 2, 3]),
      'inner/hidden/kernel': f32([2, 3], [0, 1, 2, 3, 4, 5]),
      'inner/hidden/bias': f32([3], [0, 1, 2]),
    });
  });

  test('another archive is refused', () =>
    expect(decodeKeras(zipSync({ a: new Uint8Array(1) }))).rejects.toThrow(
      new FormatError('keras: the archive has no model.weights.h5: it is not a .keras file'),
    ));
});

test(`${MUTATIONS} mutations of a file are read or refused`, async () => {
  const original = fixture('arrays.h5');
  const count = { read: 0, refused: 0 };
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  for (let seed = 1; seed <= MUTATIONS; seed++) {
    try {
      const arrays = await decodeHdf5(mutate(original, seed));
      for (const [path, { shape, data }] of arrays)
        if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error(`${path} has ${data.length} elements`);
      count.read++;
    } catch (error) {
      if (!(error instanceof FormatError) || !/^hdf5: .+$/u.test(error.message))
        throw new Error(`the mutation of seed ${seed}`, { cause: error });
      count.refused++;
    }
  }
  expect(count.read).toBeGreaterThan(MUTATIONS / 50);
  expect(count.refused).toBeGreaterThan(MUTATIONS / 5);
  expect(printed).not.toHaveBeenCalled();
  // What was broken leaves nothing behind: a good file is read as before.
  expect((await decodeKeras(fixture('keras2.h5'))).size).toBe(7);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeArrays, decodeNpz, decodePyTorch, encodeSafetensors, FormatError } from './index.ts';

const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));

test('each format is known by its bytes', () => {
  expect(decodeArrays(fixture('numpy.npz'))).toEqual(decodeNpz(fixture('numpy.npz')));
  expect(decodeArrays(fixture('numpy-deflated.npz'), { keepHalves: true }).get('half')?.dtype).toBe('float16');
  expect(decodeArrays(fixture('checkpoint.pt'))).toEqual(decodePyTorch(fixture('checkpoint.pt')));
  expect(decodeArrays(fixture('fortran.npy')).get('array')?.shape).toEqual([2, 3, 4]);
  const array = { dtype: 'float32', shape: [1], data: Float32Array.of(3) } as const;
  expect(decodeArrays(encodeSafetensors([['a', array]]))).toEqual(new Map([['a', array]]));
});

test.each([
  ['legacy.pt', 'pytorch: the file has the form before PyTorch 1.6'],
  ['evil.pt', 'pytorch: the file would call "posix.system"'],
])('%s is refused: %s', (name, message) => expect(() => decodeArrays(fixture(name))).toThrow(message));

test.each([
  ['HDF5', fixture('keras2.h5'), 'arrays: the file is HDF5; read it with decodeKeras or decodeHdf5 of @sinapse/formats/hdf5'],
  ['a .keras file', fixture('keras3.keras'), 'arrays: the file is one of Keras; read it with decodeKeras of @sinapse/formats/hdf5'],
  ['a text', new TextEncoder().encode('hello'), 'safetensors: the file has 5 bytes, the length of its header alone takes 8'],
])('%s is refused', (_, bytes, message) => expect(() => decodeArrays(bytes)).toThrow(new FormatError(message)));

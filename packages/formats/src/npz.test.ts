// Files that NumPy wrote (fixtures/record-python.py), and files for NumPy.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { NamedArray } from './index.ts';
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz, FormatError } from './index.ts';

const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const count = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** What record-python.py saved. */
const saved = new Map<string, NamedArray>([
  ['conv.weight', { dtype: 'float32', shape: [2, 3, 2, 2], data: Float32Array.from(count(24), (i) => (i - 7) / 4) }],
  ['fortran', { dtype: 'float64', shape: [2, 3, 4], data: Float64Array.from(count(24)) }],
  ['big', { dtype: 'int32', shape: [2, 3], data: Int32Array.from(count(6), (i) => i - 3) }],
  ['half', { dtype: 'float32', shape: [3], data: Float32Array.of(0.0999755859375, -2.5, 65504) }],
  ['step', { dtype: 'int64', shape: [], data: BigInt64Array.of(12345678901234567n) }],
  ['flags', { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) }],
  ['bytes', { dtype: 'uint8', shape: [5], data: Uint8Array.from(count(5)) }],
  ['empty', { dtype: 'float32', shape: [0, 7], data: new Float32Array(0) }],
]);

/** An .npy file with this header. */
function npy(header: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length = version === 1 ? [text.length % 256, text.length >> 8] : [text.length % 256, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...text, ...data]);
}

describe('reading', () => {
  test.each(['numpy.npz', 'numpy-deflated.npz'])('%s', (name) => expect(decodeNpz(fixture(name))).toEqual(saved));

  test('an array in Fortran order', () => expect(decodeNpy(fixture('fortran.npy'))).toEqual(saved.get('fortran')));

  test('floats of 16 bits as they are, on request', () => {
    const half = decodeNpz(fixture('numpy.npz'), { keepHalves: true }).get('half');
    expect(half).toEqual({ dtype: 'float16', shape: [3], data: Uint16Array.of(0x2e66, 0xc100, 0x7bff) });
  });

  test('headers of versions 2 and 3, in any order, and of Python 2', () => {
    for (const version of [2, 3]) {
      const header = `{ 'shape' : (2L,), 'fortran_order': True, 'descr': '|i1' }`;
      expect(decodeNpy(npy(header, Uint8Array.of(1, 255), version))).toEqual({ dtype: 'int8', shape: [2], data: Int8Array.of(1, -1) });
    }
  });

  const good = `{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }`;
  test.each<[string, Uint8Array, string]>([
    ['no array', Uint8Array.of(1, 2), 'the file does not begin like an .npy file'],
    ['a new version', npy(good, new Uint8Array(4), 4), 'version 4 of the format is not known'],
    ['too few values', npy(good), '[1] of float32 needs 4 bytes, the file has 0'],
    ['too many values', npy(good, new Uint8Array(5)), '[1] of float32 needs 4 bytes, the file has 5'],
    [
      'more than 2^53 values',
      npy(good.replace('1,', '4503599627370496, 4096')),
      '[4503599627370496,4096] of float32 needs more than 2^53 - 1 bytes, the file has 0',
    ],
    ['a huge axis', npy(good.replace('1,', '99999999999999999999')), 'an axis is longer than 2^53 - 1'],
    ['65 axes', npy(good.replace('1,', '1,'.repeat(65))), 'it has 65 axes, at most 64 are read'],
    ['objects', fixture('objects.npy'), 'it has Python objects, which NumPy keeps as pickles; save arrays of numbers'],
    ['records', fixture('records.npy'), 'it has records with several fields; save each field as an array'],
    [
      'complex numbers',
      npy(good.replace('f4', 'c8')),
      'its dtype "<c8" is not read; known are f8, f4, f2, i8, i4, i2, i1, u8, u4, u2, u1, b1',
    ],
    ['a call', npy(`{'descr': print(1)}`), `its header is not understood at "'descr': print(1)}"`],
    ['no dictionary', npy('[]'), 'its header is "[]\\n", not a dictionary'],
    ['a name twice', npy(good.replace('}', `'descr': '<f4'}`)), 'its header has "descr" twice'],
    ['a name too few', npy(`{'descr': '<f4', 'shape': ()}`), 'its header must have descr, fortran_order and shape'],
    ['a negative axis', npy(good.replace('1,', '-1,')), `its header is not understood at " 'shape': (-1,), }"`],
  ])('%s is refused', (_, bytes, message) => expect(() => decodeNpy(bytes)).toThrow(new FormatError(`npy: ${message}`)));

  test.each<[string, Uint8Array, string]>([
    ['no archive', npy(good), 'the file is not a zip archive'],
    ['another file', zipSync({ 'a.txt': new Uint8Array(1) }), 'the archive has "a.txt", which is not an .npy file'],
    ['a broken array', zipSync({ 'a.npy': npy(good) }), 'array "a": [1] of float32 needs 4 bytes, the file has 0'],
    ['a broken archive', fixture('numpy.npz').subarray(0, 500), 'the archive is broken: invalid zip data'],
  ])('%s is refused', (_, bytes, message) => expect(() => decodeNpz(bytes)).toThrow(new FormatError(`npz: ${message}`)));

  test.each(['numpy.npz', 'numpy-deflated.npz'])('a changed byte is found: %s', (name) => {
    const bytes = fixture(name);
    const entry = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1);
    bytes[entry + 16]! ^= 4; // the first file's checksum in the directory
    expect(() => decodeNpz(bytes)).toThrow(
      new FormatError('npz: the file "conv.weight.npy" is damaged: its checksum (CRC-32) differs; copy or download the archive again'),
    );
    bytes.fill(0, entry + 16, entry + 20); // as PyTorch writes it without checksums
    expect(decodeNpz(bytes)).toEqual(saved);
  });

  test('a changed value is found', () => {
    const array = { dtype: 'float32', shape: [1000], data: new Float32Array(1000).fill(0.5) } as const;
    const bytes = encodeNpz([['a', array]]);
    for (const at of [200, 201, 2207, 4100]) {
      bytes[at]! ^= 1;
      expect(() => decodeNpz(bytes)).toThrow('npz: the file "a.npy" is damaged');
      bytes[at]! ^= 1;
    }
    expect(decodeNpz(bytes).get('a')).toEqual(array);
  });

  test('a small archive cannot ask for much memory', () => {
    const bytes = zipSync({ 'a.npy': npy(good, new Uint8Array(4)) }, { level: 6 });
    const directory = bytes.findLastIndex((_, i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1);
    new DataView(bytes.buffer).setUint32(directory + 24, 0xf0000000, true); // the length when inflated
    expect(() => decodeNpz(bytes)).toThrow('npz: the file "a.npy" says that it has 4026531840 bytes, which the archive cannot hold');
  });
});

describe('writing', () => {
  const arrays = new Map([...saved, ['half', { dtype: 'float16', shape: [3], data: Uint16Array.of(0x2e66, 0xc100, 0x7bff) } as const]]);

  test('what is written is read back, and the same arrays give the same bytes', () => {
    const bytes = encodeNpz(arrays);
    expect(decodeNpz(bytes, { keepHalves: true })).toEqual(arrays);
    expect(encodeNpz(arrays)).toEqual(bytes);
    for (const array of arrays.values()) expect(decodeNpy(encodeNpy(array), { keepHalves: true })).toEqual(array);
  });

  test('an array is written as NumPy writes it', () => {
    const array = { dtype: 'float64', shape: [2, 3, 4], data: saved.get('fortran')!.data } as const;
    const text = new TextDecoder('latin1').decode(encodeNpy(array).subarray(0, 128));
    expect(text.slice(6)).toBe(`\u0001\u0000v\u0000${`{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3, 4), }`.padEnd(117)}\n`);
  });

  test.skipIf(!existsSync('/usr/bin/python3') || !hasNumpy())('NumPy reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sinapse-npz-'));
    try {
      const path = join(folder, 'a.npz');
      writeFileSync(path, encodeNpz(arrays));
      const program = `import numpy as np, sys\na = np.load(sys.argv[1])\nfor n in a: print(n, a[n].dtype, a[n].shape, a[n].ravel()[:2].tolist())`;
      expect(execFileSync('/usr/bin/python3', ['-c', program, path], { encoding: 'utf8' }).trim().split('\n')).toEqual([
        'conv.weight float32 (2, 3, 2, 2) [-1.75, -1.5]',
        'fortran float64 (2, 3, 4) [0.0, 1.0]',
        'big int32 (2, 3) [-3, -2]',
        'half float16 (3,) [0.0999755859375, -2.5]',
        'step int64 () [12345678901234567]',
        'flags bool (2,) [True, False]',
        'bytes uint8 (5,) [0, 1]',
        'empty float32 (0, 7) []',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('what NumPy does not have, or what does not fit, is refused', () => {
    const bfloat16 = { dtype: 'bfloat16', shape: [1], data: Uint16Array.of(1) } as const;
    expect(() => encodeNpy(bfloat16)).toThrow(
      new FormatError('npy: NumPy has no "bfloat16"; widenHalves makes float32 of floats of 16 bits'),
    );
    const short = { dtype: 'float32', shape: [2], data: new Float32Array(1) } as const;
    expect(() => encodeNpz([['a', short]])).toThrow(
      new FormatError('npz: array "a": [2] of float32 does not fit a Float32Array of 1 elements'),
    );
    const one = { dtype: 'float32', shape: [1], data: new Float32Array(1) } as const;
    expect(() => encodeNpz([['a', one], ['a', one]])).toThrow(new FormatError('npz: two arrays have the name "a"')); // prettier-ignore
  });
});

function hasNumpy(): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

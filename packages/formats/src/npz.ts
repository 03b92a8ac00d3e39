// .npz: a zip archive of .npy files, which `numpy.savez` and `numpy.savez_compressed` write.

import { zipSync } from 'fflate';
import { checkBytes, listArrays } from './arguments.ts';
import type { DecodeOptions } from './decode-options.ts';
import { checkDecodeOptions } from './decode-options.ts';
import { FormatError, quote } from './format-error.ts';
import type { NamedArray } from './named-array.ts';
import { readNpy, writeNpy } from './npy.ts';
import { readZip } from './zip.ts';

const EXTENSION = '.npy';

/** The date of every file in an archive, so that the same arrays always give the same bytes. */
const DATE = '1980-01-01T12:00:00';

/**
 * Reads the bytes of an .npz file, stored or compressed.
 * @returns the arrays by name, in the order of the archive
 * @throws FormatError when the bytes are not such a file; the message names the array. What `decodeNpy` refuses is refused here.
 */
export function decodeNpz(bytes: Uint8Array, options: DecodeOptions = {}): Map<string, NamedArray> {
  checkBytes('npz', bytes);
  checkDecodeOptions('npz', options);
  const arrays = new Map<string, NamedArray>();
  for (const [file, content] of readZip(bytes, 'npz')) {
    if (!file.endsWith(EXTENSION)) throw new FormatError(`npz: the archive has ${quote(file)}, which is not an .npy file`);
    const name = file.slice(0, -EXTENSION.length);
    arrays.set(name, readNpy(content, `npz: array ${quote(name)}`, options));
  }
  return arrays;
}

/**
 * Writes arrays as the bytes of an .npz file, without compression, for `numpy.load`.
 * @throws FormatError when a name comes twice, NumPy has no such dtype (bfloat16), or dtype, shape and data do not agree
 */
export function encodeNpz(arrays: Iterable<readonly [string, NamedArray]>): Uint8Array<ArrayBuffer> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, array] of listArrays('npz', arrays)) {
    const file = name + EXTENSION;
    if (Object.hasOwn(files, file)) throw new FormatError(`npz: two arrays have the name ${quote(name)}`);
    files[file] = writeNpy(array, `npz: array ${quote(name)}`);
  }
  return zipSync(files, { level: 0, mtime: new Date(DATE) });
}

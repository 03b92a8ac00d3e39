// safetensors: a header that names the arrays, then their bytes. Writing follows the reference implementation
// (github.com/huggingface/safetensors, 0.8.0); reading is at least as strict. It works in memory; files are the caller's.

import { checkBytes, listArrays } from './arguments.ts';
import type { DecodeOptions } from './decode-options.ts';
import { checkDecodeOptions } from './decode-options.ts';
import { FormatError, quote } from './format-error.ts';
import { widenHalves } from './half-floats.ts';
import { isWellFormed } from './json-reader.ts';
import { ARRAY_TYPES, byteLength, checkByteOrder, isDtype, type NamedArray } from './named-array.ts';
import {
  checkLayout,
  DTYPE_ORDER,
  formatHeader,
  type HeaderEntry,
  LONGEST_HEADER,
  METADATA,
  MOST_AXES,
  MOST_METADATA,
  parseHeader,
} from './safetensors-header.ts';

/** Bytes of the header's length, an unsigned 64-bit integer, little endian. */
const LENGTH_BYTES = 8;

/** The content of a safetensors file. */
export interface SafetensorsFile {
  /** The arrays by name, in the order of their bytes. */
  readonly arrays: ReadonlyMap<string, NamedArray>;
  /** Free text by key. The object has no prototype, so it has only the file's own keys. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes arrays, and free text about them, as the bytes of a safetensors file.
 *
 * The bytes are canonical: arrays are sorted by decreasing alignment of their dtype, then by name, and metadata by key, so the same
 * content in any order gives the same file. The result shares no memory with the arrays.
 *
 * @throws {FormatError} If a name comes twice, is `__metadata__` or is not valid Unicode, if an array's dtype, shape and data do
 *   not agree, if there are more than 100,000 metadata keys, or if the header grows past the 100 MB that a reader takes.
 *
 * @example
 * const bytes = encodeSafetensors([['weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]);
 */
export function encodeSafetensors(
  arrays: Iterable<readonly [string, NamedArray]>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  checkByteOrder('safetensors');
  const sorted = checkNames(listArrays('safetensors', arrays));
  const pairs = checkMetadata(metadata);

  const entries: HeaderEntry[] = [];
  let dataBytes = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    entries.push({ name, dtype, shape, begin: dataBytes, end: dataBytes + data.byteLength });
    dataBytes += data.byteLength;
  }
  const header = formatHeader(entries, new Map(pairs));

  const bytes = new Uint8Array(LENGTH_BYTES + header.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + header.length;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Reads the bytes of a safetensors file; they may have any alignment. float16 and bfloat16 are widened to float32, which is exact.
 *
 * The file is untrusted: every length, name, shape and offset is checked before the first array is allocated. The arrays are
 * copies: they share no memory with `bytes`. Values are not checked: a float may be NaN, and a bool's byte may be other than 0
 * and 1.
 *
 * Reading is stricter than the reference on purpose. These are errors: a name given twice, an unknown field, metadata `null`, white
 * space before the header, a size or offset above 2^53 - 1, more than 64 axes, more than 100,000 metadata keys. Floats of 4 to 8
 * bits and complex numbers are not supported.
 *
 * @throws {FormatError} If the bytes are not a safetensors file; the message says what is wrong and where.
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): SafetensorsFile {
  checkByteOrder('safetensors');
  checkBytes('safetensors', bytes);
  checkDecodeOptions('safetensors', options);
  const dataStart = findData(bytes);
  const { entries, metadata } = parseHeader(decodeText(copy(bytes, LENGTH_BYTES, dataStart)));
  const arrays = new Map<string, NamedArray>();
  for (const { name, dtype, shape, begin, end } of checkLayout(entries, bytes.length - dataStart)) {
    const data = new ARRAY_TYPES[dtype](copy(bytes, dataStart + begin, dataStart + end));
    const array = { dtype, shape, data };
    arrays.set(name, options.keepHalves === true ? array : widenHalves(array));
  }
  return { arrays, metadata };
}

/** The offset at which the header ends and the data begin, from the length at the front. */
function findData(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(`safetensors: the file has ${bytes.length} bytes, the length of its header alone takes ${LENGTH_BYTES}`);
  }
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (headerBytes > BigInt(bytes.length - LENGTH_BYTES)) {
    throw new FormatError(`safetensors: header says ${headerBytes} bytes, the file has ${bytes.length}, ${LENGTH_BYTES} of them before it`);
  }
  if (headerBytes > BigInt(LONGEST_HEADER)) {
    throw new FormatError(`safetensors: header says ${headerBytes} bytes, at most ${LONGEST_HEADER} are read`);
  }
  return LENGTH_BYTES + Number(headerBytes);
}

/** Copies bytes [begin, end), never to shared memory, which TextDecoder refuses. `slice` does not serve: a Buffer's gives a view. */
function copy(bytes: Uint8Array, begin: number, end: number): ArrayBuffer {
  const copied = new Uint8Array(end - begin);
  copied.set(bytes.subarray(begin, end));
  return copied.buffer;
}

function decodeText(buffer: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer);
  } catch {
    throw new FormatError('safetensors: header is not valid UTF-8');
  }
}

/** Checks the arrays that a caller wants to write, and puts them in the order of the file. */
function checkNames(arrays: Iterable<readonly [string, NamedArray]>): readonly (readonly [string, NamedArray])[] {
  const byName = new Map<string, NamedArray>();
  for (const [name, array] of arrays) {
    if (name === METADATA) throw new FormatError(`safetensors: no array can have the name "${METADATA}"`);
    if (!isWellFormed(name)) throw new FormatError(`safetensors: the array name ${quote(name)} is not valid Unicode`);
    if (byName.has(name)) throw new FormatError(`safetensors: two arrays have the name ${quote(name)}`);
    checkArray(name, array);
    byName.set(name, array);
  }
  return [...byName].sort(
    ([nameA, a], [nameB, b]) => DTYPE_ORDER.indexOf(a.dtype) - DTYPE_ORDER.indexOf(b.dtype) || compareCodePoints(nameA, nameB),
  );
}

function checkArray(name: string, { dtype, shape, data }: NamedArray): void {
  const fail = (problem: string): FormatError => new FormatError(`safetensors: array ${quote(name)} ${problem}`);
  if (!isDtype(dtype)) throw fail(`has dtype ${quote(String(dtype))}; known are ${DTYPE_ORDER.join(', ')}`);
  const type = ARRAY_TYPES[dtype];
  // Checked by tag: instanceof would refuse a typed array from another window or worker.
  const given = data[Symbol.toStringTag];
  if (given !== type.name) throw fail(`of ${dtype} needs its data in a ${type.name}, got a ${given}`);
  if (shape.length > MOST_AXES) throw fail(`has ${shape.length} axes, at most ${MOST_AXES} can be written`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw fail(`has shape [${shape.join(',')}]; sizes are non-negative integers`);
  }
  const needed = byteLength(dtype, shape);
  if (needed !== data.byteLength) {
    const elements = needed === undefined ? 'more than 2^53 - 1' : String(needed / type.BYTES_PER_ELEMENT);
    throw fail(`of shape [${shape.join(',')}] needs ${elements} elements, its data have ${data.length}`);
  }
}

/** Checks the metadata that a caller wants to write, and puts its keys in the order of the file. */
function checkMetadata(metadata: Record<string, string>): readonly (readonly [string, string])[] {
  if (typeof metadata !== 'object' || metadata === null)
    throw new FormatError(`safetensors: metadata: expected an object of texts, got ${String(metadata)}`);
  const pairs = Object.entries(metadata);
  if (pairs.length > MOST_METADATA) throw new FormatError(`safetensors: metadata has more than ${MOST_METADATA} keys`);
  for (const [key, value] of pairs) {
    if (typeof value !== 'string') {
      throw new FormatError(`safetensors: metadata ${quote(key)} is a ${typeof value}, only strings can be written`);
    }
    if (!isWellFormed(key) || !isWellFormed(value)) throw new FormatError(`safetensors: metadata ${quote(key)} is not valid Unicode`);
  }
  return pairs.sort(([a], [b]) => compareCodePoints(a, b));
}

/** Orders strings by their UTF-8 bytes, like the reference; `<` would put U+1F600 before U+FFEE. */
function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.codePointAt(i)! - b.codePointAt(i)!;
  }
  return a.length - b.length;
}

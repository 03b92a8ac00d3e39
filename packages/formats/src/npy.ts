// .npy: one array as NumPy writes it (numpy.lib.format, versions 1.0 to 3.0). It works in memory; files are the caller's.

import { checkArrayLike, checkBytes } from './arguments.ts';
import { FormatError, quote } from './format-error.ts';
import { widenHalves } from './half-floats.ts';
import type { DecodeOptions } from './decode-options.ts';
import { checkDecodeOptions } from './decode-options.ts';
import type { NamedArray, NamedArrayDtype } from './named-array.ts';
import { ARRAY_TYPES, byteLength, checkByteOrder } from './named-array.ts';
import { formatNpyHeader, parseNpyHeader } from './npy-header.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** Most axes: NumPy 2 has no more. */
const MOST_AXES = 64;

/** NumPy's notation of each dtype, without the byte order. It has no bfloat16. */
const DESCR: Readonly<Partial<Record<NamedArrayDtype, string>>> = {
  float64: 'f8',
  float32: 'f4',
  float16: 'f2',
  int64: 'i8',
  int32: 'i4',
  int16: 'i2',
  int8: 'i1',
  uint64: 'u8',
  uint32: 'u4',
  uint16: 'u2',
  uint8: 'u1',
  bool: 'b1',
};

const DTYPES = new Map(Object.entries(DESCR).map(([dtype, descr]) => [descr, dtype as NamedArrayDtype]));

/** Whether bytes look like an .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the bytes of an .npy file. Arrays in Fortran order are put in row-major order, those in big-endian byte order into the machine's. float16 is
 * widened to float32, which is exact. Objects, texts, dates, records and complex numbers are refused: NumPy keeps objects as pickles, which can run code.
 * @throws FormatError when the bytes are not such a file
 */
export function decodeNpy(bytes: Uint8Array, options: DecodeOptions = {}): NamedArray {
  return readNpy(bytes, 'npy', options);
}

/** Reads an array; the label begins every error message. */
export function readNpy(bytes: Uint8Array, label: string, options: DecodeOptions): NamedArray {
  checkByteOrder(label);
  checkBytes(label, bytes);
  checkDecodeOptions(label, options);
  const fail = (problem: string): FormatError => new FormatError(`${label}: ${problem}`);
  if (!isNpy(bytes)) throw fail('the file does not begin like an .npy file');
  const [major = 0, lengthBytes] = [bytes[6], bytes[6] === 1 ? 2 : 4];
  if (major < 1 || major > 3) throw fail(`version ${major} of the format is not known`);
  if (bytes.length < 8 + lengthBytes) throw fail('the file ends in its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = 8 + lengthBytes;
  const end = begin + (lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw fail(`its header would end at byte ${end}, the file has ${bytes.length}`);
  const { descr, fortranOrder, shape } = parseNpyHeader(headerText(bytes.subarray(begin, end)), label);
  if (shape.length > MOST_AXES) throw fail(`it has ${shape.length} axes, at most ${MOST_AXES} are read`);
  const dtype = DTYPES.get(descr.slice(1));
  if (dtype === undefined || !/^[<>|=]/.test(descr)) throw fail(refusal(descr));
  const size = byteLength(dtype, shape);
  if (size !== bytes.length - end)
    throw fail(`[${shape.join(',')}] of ${dtype} needs ${size ?? 'more than 2^53 - 1'} bytes, the file has ${bytes.length - end}`);
  const copied = new Uint8Array(size);
  copied.set(bytes.subarray(end));
  if (descr.startsWith('>')) reverseBytes(copied, ARRAY_TYPES[dtype].BYTES_PER_ELEMENT);
  const data = new ARRAY_TYPES[dtype](copied.buffer);
  const array: NamedArray = { dtype, shape, data: fortranOrder && shape.length > 1 ? rowMajor(data, shape) : data };
  return options.keepHalves === true ? array : widenHalves(array);
}

/**
 * Writes an array as the bytes of an .npy file, for `numpy.load`.
 * @throws FormatError when NumPy has no such dtype (bfloat16), or dtype, shape and data do not agree
 */
export function encodeNpy(array: NamedArray): Uint8Array<ArrayBuffer> {
  return writeNpy(array, 'npy');
}

/** Writes an array; the label begins every error message. */
export function writeNpy(array: NamedArray, label: string): Uint8Array<ArrayBuffer> {
  checkByteOrder(label);
  checkArrayLike(label, array);
  const { dtype, shape, data } = array;
  const descr = Object.hasOwn(DESCR, dtype) ? DESCR[dtype] : undefined;
  if (descr === undefined)
    throw new FormatError(`${label}: NumPy has no ${quote(String(dtype))}; widenHalves makes float32 of floats of 16 bits`);
  if (data[Symbol.toStringTag] !== ARRAY_TYPES[dtype].name || byteLength(dtype, shape) !== data.byteLength)
    throw new FormatError(
      `${label}: [${shape.join(',')}] of ${dtype} does not fit a ${data[Symbol.toStringTag]} of ${data.length} elements`,
    );
  const order = ARRAY_TYPES[dtype].BYTES_PER_ELEMENT === 1 ? '|' : '<';
  // The data begin at a multiple of 64 bytes, and the header ends with a line break. Version 1.0 holds headers of up to 65,535 bytes.
  const text = formatNpyHeader(order + descr, shape);
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([...MAGIC, 1, 0, header.length % 256, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

function headerText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(Uint8Array.from(bytes)); // a copy, as TextDecoder refuses shared memory
}

function refusal(descr: string): string {
  if (descr.endsWith('O')) return 'it has Python objects, which NumPy keeps as pickles; save arrays of numbers';
  return `its dtype ${quote(descr)} is not read; known are ${[...DTYPES.keys()].join(', ')}`;
}

/** Reverses the bytes of each element. */
function reverseBytes(bytes: Uint8Array, width: number): void {
  for (let begin = 0; width > 1 && begin < bytes.length; begin += width) bytes.subarray(begin, begin + width).reverse();
}

/** Puts the values of an array in which the first axis runs fastest in row-major order. */
function rowMajor(data: NamedArray['data'], shape: readonly number[]): NamedArray['data'] {
  const moved = data.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  let from = 0;
  for (let to = 0; to < moved.length; to++) {
    moved[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return moved;
}

// Tensors of PyTorch: a view of a storage, with an offset and a stride for each axis, counted in elements.

import { FormatError } from './format-error.ts';
import type { NamedArray, NamedArrayDtype, TypedArray } from './named-array.ts';
import { ARRAY_TYPES } from './named-array.ts';

/** The values that tensors are views of. */
export class Storage {
  readonly dtype: NamedArrayDtype;
  /** The file in the archive that holds its bytes. */
  readonly file: string;
  /** In elements. */
  readonly length: number;

  constructor(dtype: NamedArrayDtype, file: string, length: number) {
    this.dtype = dtype;
    this.file = file;
    this.length = length;
  }
}

/** A tensor as a pickle describes it. */
export class TensorView {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /** The number of elements. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }
}

/** Most axes: PyTorch itself has at most 64. */
const MOST_AXES = 64;

/**
 * Checks what a pickle says of a tensor. Shape and strides must lie within the storage, and no element may appear twice in one tensor: a small file could
 * otherwise describe a huge array.
 * @throws FormatError
 */
export function checkView({ storage, offset, shape, strides, size }: TensorView, label: string): void {
  const isNatural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const fail = (problem: string): FormatError => new FormatError(`${label}: ${problem}`);
  if (shape.length !== strides.length || shape.length > MOST_AXES || ![offset, ...shape, ...strides].every(isNatural))
    throw fail(
      `shape [${shape.slice(0, MOST_AXES).join(',')}] and strides [${strides.slice(0, MOST_AXES).join(',')}] do not describe a tensor`,
    );
  if (shape.includes(0)) return;
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, offset);
  if (!Number.isSafeInteger(last) || last >= storage.length)
    throw fail(`[${shape.join(',')}] reaches element ${last} of a storage of ${storage.length}`);
  if (size > storage.length) throw fail(`[${shape.join(',')}] repeats elements of its storage; save a contiguous copy of it: x.clone()`);
}

/**
 * The elements of a tensor, row-major.
 * @param bytes of the storage, with memory of their own
 * @param given whether the result may keep that memory
 */
export function gather({ storage, offset, shape, strides, size }: TensorView, bytes: Uint8Array<ArrayBuffer>, given: boolean): NamedArray {
  const { dtype } = storage;
  const Type = ARRAY_TYPES[dtype];
  const width = Type.BYTES_PER_ELEMENT;
  const isOwn = given && bytes.byteLength === bytes.buffer.byteLength;
  const copy = (from: number, count: number): TypedArray =>
    new Type(isOwn && count === storage.length ? bytes.buffer : bytes.slice(from * width, (from + count) * width).buffer);
  if (size === 0) return { dtype, shape, data: copy(0, 0) };
  if (isContiguous(shape, strides)) return { dtype, shape, data: copy(offset, size) };
  const source = copy(0, storage.length);
  const data = new Type(new ArrayBuffer(size * width));
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    data[to] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { dtype, shape, data };
}

/** Whether elements lie one after another in row-major order. Strides of axes of length 1 say nothing. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

// Typed arrays of callers, by what the JavaScript engine knows of them: an array may have properties of its own that say something else.

import type { DType, TypedArray } from './dtype.ts';
import { ARRAYS } from './dtype.ts';

/** What all typed arrays inherit. Its properties are read with an array as receiver, so that the array's own do not count. */
const inherited = Object.getPrototypeOf(Int8Array.prototype) as object;

/** The dtype that a kind of typed array stands for by itself. 16-bit, wider and unsigned kinds stand for none. */
const STANDS_FOR: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float32',
  Int32Array: 'int32',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
};

/** The name of a typed array's kind, `Float32Array`: also of an array of another realm (a frame, a vm context), where `instanceof` fails. Undefined for other values. */
export function arrayKind(value: unknown): string | undefined {
  return Reflect.get(inherited, Symbol.toStringTag, value) as string | undefined;
}

/** The dtype that a typed array's kind stands for: float32 for Float32Array and Float64Array, int32 for Int32Array, uint8 for Uint8Array and Uint8ClampedArray. */
export function dtypeOfArray(data: ArrayBufferView): DType | undefined {
  return STANDS_FOR[arrayKind(data) ?? ''];
}

/** The number of elements; 0 when the buffer was detached, or has become too short. */
export function elementCount(data: ArrayBufferView): number {
  return Reflect.get(inherited, 'length', data) as number;
}

/** Whether it is of the kind that `hostArray` makes for a dtype. */
export function isHostArray(dtype: DType, data: ArrayBufferView): data is TypedArray {
  return arrayKind(data) === ARRAYS[dtype].name;
}

/** Its bytes, in the same memory. */
export function bytesIn(data: ArrayBufferView): Uint8Array {
  const [buffer, byteOffset, byteLength] = ['buffer', 'byteOffset', 'byteLength'].map(
    (name) => Reflect.get(inherited, name, data) as unknown,
  );
  return new Uint8Array(buffer as ArrayBuffer, byteOffset as number, byteLength as number);
}

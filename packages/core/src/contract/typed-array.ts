// Typed arrays of callers, by what the JavaScript engine knows of them: an array may have properties of its own that say something else.

import type { DType, TypedArray } from './dtype.ts';
import { ARRAYS } from './dtype.ts';

/** What all typed arrays inherit. Its properties are read with an array as receiver, so that the array's own do not count. */
const inherited = Object.getPrototypeOf(Int8Array.prototype) as object;

/** The number of elements; 0 when the buffer was detached, or has become too short. */
export function elementCount(data: TypedArray): number {
  return Reflect.get(inherited, 'length', data) as number;
}

/** Whether it is of the kind that `hostArray` makes for a dtype. */
export function isHostArray(dtype: DType, data: ArrayBufferView): boolean {
  return Reflect.get(inherited, Symbol.toStringTag, data) === ARRAYS[dtype].name;
}

/** Its bytes, in the same memory. */
export function bytesIn(data: TypedArray): Uint8Array {
  const [buffer, byteOffset, byteLength] = ['buffer', 'byteOffset', 'byteLength'].map(
    (name) => Reflect.get(inherited, name, data) as unknown,
  );
  return new Uint8Array(buffer as ArrayBuffer, byteOffset as number, byteLength as number);
}

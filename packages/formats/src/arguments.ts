// What functions of this package are given by callers without type checks.

import { FormatError, quote } from './format-error.ts';
import type { NamedArray } from './named-array.ts';

/** @throws FormatError unless a value is a Uint8Array, of any window or worker */
export function checkBytes(label: string, bytes: unknown): void {
  const kind = kindOf(bytes);
  if (kind === 'Uint8Array') return;
  const remedy = kind === 'ArrayBuffer' ? '; new Uint8Array(buffer) makes one of it' : '';
  throw new FormatError(`${label}: expected the bytes of a file, a Uint8Array, got ${described(bytes, kind)}${remedy}`);
}

/**
 * The pairs of an iterable, e.g. a Map.
 * @throws FormatError unless it is one of pairs of a name and an array
 */
export function listArrays(label: string, arrays: Iterable<readonly [string, NamedArray]>): (readonly [string, NamedArray])[] {
  const isIterable = typeof arrays === 'object' && arrays !== null && Symbol.iterator in arrays;
  const pairs = isIterable ? [...arrays] : [];
  if (!isIterable || !pairs.every(isNamed))
    throw new FormatError(`${label}: expected arrays by name, e.g. a Map, got ${described(arrays, kindOf(arrays))}`);
  for (const [name, array] of pairs) checkArrayLike(`${label}: array ${quote(name)}`, array);
  return pairs;
}

/** @throws FormatError unless a value looks like an array: dtype, shape, data */
export function checkArrayLike(label: string, array: unknown): void {
  const { shape, data } = (typeof array === 'object' && array !== null ? array : {}) as { shape?: unknown; data?: unknown };
  if (Array.isArray(shape) && ArrayBuffer.isView(data)) return;
  throw new FormatError(`${label}: expected an array { dtype, shape, data }, got ${described(array, kindOf(array))}`);
}

function isNamed(pair: unknown): boolean {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string';
}

/** `Uint8Array` for one, also if it is from another window. */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function described(value: unknown, kind: string): string {
  return value === null || typeof value !== 'object' ? (typeof value === 'string' ? 'a text' : String(value)) : `a value of type ${kind}`;
}

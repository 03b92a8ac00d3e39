// Stages over elements that can be read in any order. Skipping ahead costs nothing: stages touch only the elements asked for.

import { hostPermutation, randomKey } from '@sinapse/core';
import type { Seed } from '@sinapse/core';
import type { Collated } from './collate.ts';
import type { Collate, MapFunction } from './stage.ts';

/** Elements that can be read in any order: a source of a dataset. */
export interface RandomAccess<T, B = Collated<T>> {
  readonly length: number;
  /** The element, which may depend on the epoch too, as a randomly changed image does. */
  get(index: number, epoch: number): T | Promise<T>;
  /** Makes a whole batch at once; for sources that do this faster than one element after the other. */
  gather?(indices: Int32Array, epoch: number): B | Promise<B>;
}

/** The elements of one epoch. */
interface Elements<T, B> {
  get(index: number): T | Promise<T>;
  gather?(indices: Int32Array): B | Promise<B>;
}

/** A pipeline with random access. `open` gives the elements of one epoch. */
export interface Indexed<T, B> {
  readonly kind: 'indexed';
  readonly length: number;
  open(epoch: number): Elements<T, B>;
}

export function indexedSource<T, B>(elements: RandomAccess<T, B>): Indexed<T, B> {
  return {
    kind: 'indexed',
    length: elements.length,
    open: (epoch) => ({
      get: (index) => elements.get(index, epoch),
      ...(elements.gather && { gather: (indices: Int32Array) => elements.gather!(indices, epoch) }),
    }),
  };
}

export function mapIndexed<T, B, U>(source: Indexed<T, B>, fn: MapFunction<T, U>): Indexed<U, Collated<U>> {
  return {
    kind: 'indexed',
    length: source.length,
    open(epoch) {
      const elements = source.open(epoch);
      return {
        get(index) {
          const value = elements.get(index);
          return value instanceof Promise ? value.then((settled) => fn(settled, { epoch, index })) : fn(value, { epoch, index });
        },
      };
    },
  };
}

/** Elements `start` to `end`, `end` not included. */
export function sliceIndexed<T, B>(source: Indexed<T, B>, start: number, end: number): Indexed<T, B> {
  const from = Math.min(start, source.length);
  const length = Math.max(0, Math.min(end, source.length) - from);
  return reindex(source, length, () => (index) => from + index);
}

/** Permutes all elements; the order depends only on the seed and the epoch. */
export function shuffleIndexed<T, B>(source: Indexed<T, B>, seed: Seed): Indexed<T, B> {
  const key = randomKey(seed).fold('shuffle');
  return reindex(source, source.length, (epoch) => {
    const order = hostPermutation(key.fold(epoch), source.length);
    return (index) => order[index]!;
  });
}

function reindex<T, B>(source: Indexed<T, B>, length: number, mapping: (epoch: number) => (index: number) => number): Indexed<T, B> {
  return {
    kind: 'indexed',
    length,
    open(epoch) {
      const elements = source.open(epoch);
      const at = mapping(epoch);
      return {
        get: (index) => elements.get(at(index)),
        ...(elements.gather && { gather: (indices: Int32Array) => elements.gather!(indices.map(at)) }),
      };
    },
  };
}

/**
 * @param length number of batches; the last one may be short
 * @param gathers whether the source's own `gather`, if it has one, makes the batches
 */
export function batchIndexed<T, B, C>(
  source: Indexed<T, B>,
  size: number,
  length: number,
  collate: Collate<T, C>,
  gathers: boolean,
): Indexed<C, Collated<C>> {
  return {
    kind: 'indexed',
    length,
    open(epoch) {
      const elements = source.open(epoch);
      return {
        get(batch) {
          const start = batch * size;
          const indices = Int32Array.from({ length: Math.min(size, source.length - start) }, (_, i) => start + i);
          if (gathers && elements.gather) return elements.gather(indices) as C | Promise<C>; // C is the source's batch type B
          return readAll(indices, (index) => elements.get(index), collate);
        },
      };
    },
  };
}

/** Reads elements and collates them; asynchronous reads run at the same time. */
function readAll<T, C>(indices: Int32Array, get: (index: number) => T | Promise<T>, collate: Collate<T, C>): C | Promise<C> {
  const elements: (T | Promise<T>)[] = [];
  let waiting = false;
  for (const index of indices) {
    try {
      const element = get(index);
      waiting ||= element instanceof Promise;
      elements.push(element);
    } catch (error) {
      if (!waiting) throw error;
      // Earlier reads may fail too; Promise.all handles their errors, so that none is reported as unhandled.
      return Promise.all([Promise.reject(error as Error), ...elements]).then(collate);
    }
  }
  return waiting ? Promise.all(elements).then(collate) : collate(elements as T[]);
}

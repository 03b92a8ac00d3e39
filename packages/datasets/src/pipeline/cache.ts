// A cache keeps each element that is read, for the epochs that follow. What stands before it is computed once, in epoch 0: a shuffle or
// a random change belongs after it.

import type { Collated } from './collate.ts';
import type { Indexed } from './indexed.ts';
import type { Source } from './join.ts';
import type { Streamed } from './stream.ts';
import { toStream } from './stream.ts';

/** Where a cache keeps its elements. `memoryStore()` is one; `@sinapse/datasets/node` has one on disk. */
export interface CacheStore<T> {
  /** The element, or undefined if it is not kept. */
  get(index: number): T | undefined | Promise<T | undefined>;
  set(index: number, element: T): void | Promise<void>;
  /** Number of elements, once a source of unknown length has been read to its end. */
  getLength?(): number | undefined | Promise<number | undefined>;
  setLength?(length: number): void | Promise<void>;
}

/** Keeps elements in memory, for as long as the dataset lives. */
export function memoryStore<T>(): CacheStore<T> {
  const held: (T | undefined)[] = [];
  let length: number | undefined;
  return {
    get: (index) => held[index],
    set: (index, element) => void (held[index] = element),
    getLength: () => length,
    setLength: (known) => void (length = known),
  };
}

export function cacheSource<T, B>(source: Source<T>, store: CacheStore<T>): Indexed<T, B> | Streamed<T> {
  return source.kind === 'indexed' ? (cacheIndexed(source, store) as unknown as Indexed<T, B>) : cacheStream(source, store);
}

function cacheIndexed<T>(source: Indexed<T, unknown>, store: CacheStore<T>): Indexed<T, Collated<T>> {
  /** Reads under way, which a second request shares. */
  const pending = new Map<number, Promise<T>>();
  return {
    kind: 'indexed',
    length: source.length,
    open() {
      const elements = source.open(0);
      const keep = (index: number, element: T): T | Promise<T> => {
        const stored = store.set(index, element);
        return stored instanceof Promise ? stored.then(() => element) : element;
      };
      const read = (index: number): T | Promise<T> => {
        const value = elements.get(index);
        return value instanceof Promise ? value.then((element) => keep(index, element)) : keep(index, value);
      };
      return {
        get(index) {
          const under = pending.get(index);
          if (under !== undefined) return under;
          const held = store.get(index);
          if (held !== undefined && !(held instanceof Promise)) return held;
          const value = held instanceof Promise ? held.then((element) => element ?? read(index)) : read(index);
          if (!(value instanceof Promise)) return value;
          const shared = value.finally(() => pending.delete(index));
          pending.set(index, shared);
          return shared;
        },
      };
    },
  };
}

function cacheStream<T>(source: Streamed<T>, store: CacheStore<T>): Streamed<T> {
  return {
    kind: 'streamed',
    length: source.length,
    async *open({ skip }) {
      let index = skip;
      const length = await store.getLength?.();
      for (; length === undefined || index < length; index++) {
        const element = await store.get(index);
        if (element === undefined) break;
        yield element;
      }
      if (length !== undefined && index >= length) return;
      // The skipped part need not be kept, so only a pass from the start can fill it.
      for await (const element of toStream(source).open({ epoch: 0, skip: index })) {
        await store.set(index++, element);
        yield element;
      }
      await store.setLength?.(index);
    },
  };
}

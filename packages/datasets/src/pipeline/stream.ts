// Stages over elements that are read one after the other. Leaving a loop early closes every stage down to the source, because
// `for await` inside an async generator calls `return` on its source.

import { RandomStream, SinapseError, randomKey, shown } from '@sinapse/core';
import type { Seed } from '@sinapse/core';
import type { Indexed } from './indexed.ts';
import type { Collate, MapFunction, Pass } from './stage.ts';

/** A pipeline without random access. `open` gives the elements of one epoch from `skip` on. */
export interface Streamed<T> {
  readonly kind: 'streamed';
  /** Number of elements, where it is known. */
  readonly length: number | undefined;
  open(pass: Pass): AsyncIterableIterator<T>;
}

/** Makes the elements of an epoch afresh: a generator function, or any function that returns an iterable. */
export type IterableFactory<T> = (epoch: number) => Iterable<T> | AsyncIterable<T>;

export function streamedSource<T>(factory: IterableFactory<T>): Streamed<T> {
  return {
    kind: 'streamed',
    length: undefined,
    async *open({ epoch, skip }) {
      let index = 0;
      const elements: unknown = factory(epoch);
      if (!isIterable<T>(elements))
        throw new SinapseError(
          `dataset: the source's function must return an iterable, as a generator function does, got ${shown(elements)}`,
        );
      for await (const element of elements) if (index++ >= skip) yield element;
    },
  };
}

/** The elements of an iterable. A generator, which ends for good, can be read once. */
export function iterableSource<T>(elements: Iterable<T> | AsyncIterable<T>): Streamed<T> {
  let ended = false;
  return streamedSource(() => {
    if (ended)
      throw new SinapseError(
        'dataset: this generator is used up after one epoch; pass the generator function itself, as in Dataset.from(function* () { … })',
      );
    ended = isOwnIterator(elements);
    return elements;
  });
}

export function isIterable<T>(value: unknown): value is Iterable<T> | AsyncIterable<T> {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** Whether an iterable gives itself out as its only iterator, as generators do. */
function isOwnIterator(elements: object): boolean {
  return 'next' in elements;
}

/** Reads a pipeline with random access in its order. */
export function toStream<T, B>(source: Indexed<T, B> | Streamed<T>): Streamed<T> {
  if (source.kind === 'streamed') return source;
  return {
    kind: 'streamed',
    length: source.length,
    async *open({ epoch, skip }) {
      const elements = source.open(epoch);
      for (let index = skip; index < source.length; index++) yield await elements.get(index);
    },
  };
}

/** @param concurrency most calls under way at the same time; results keep their order */
export function mapStream<T, U>(source: Streamed<T>, fn: MapFunction<T, U>, concurrency = 1): Streamed<U> {
  return {
    kind: 'streamed',
    length: source.length,
    async *open({ epoch, skip }) {
      let index = skip;
      const begun: Promise<U>[] = [];
      for await (const element of source.open({ epoch, skip })) {
        const at = index++;
        const result = (async () => fn(element, { epoch, index: at }))();
        result.catch(() => undefined); // thrown where the consumer reaches this element, or never if it stops before
        begun.push(result);
        if (begun.length === concurrency) yield await begun.shift()!;
      }
      for (const result of begun) yield await result;
    },
  };
}

export function filterStream<T>(source: Streamed<T>, accepts: MapFunction<T, boolean>): Streamed<T> {
  return {
    kind: 'streamed',
    length: undefined,
    async *open({ epoch, skip }) {
      let index = 0;
      let accepted = 0; // `skip` counts accepted elements, so each one must be tested
      for await (const element of source.open({ epoch, skip: 0 })) {
        if ((await accepts(element, { epoch, index: index++ })) && accepted++ >= skip) yield element;
      }
    },
  };
}

/** Elements `start` to `end`, `end` not included. */
export function sliceStream<T>(source: Streamed<T>, start: number, end: number): Streamed<T> {
  return {
    kind: 'streamed',
    length: source.length === undefined ? undefined : Math.max(0, Math.min(end, source.length) - start),
    async *open({ epoch, skip }) {
      let left = end - start - skip;
      if (left <= 0) return;
      for await (const element of source.open({ epoch, skip: start + skip })) {
        yield element;
        if (--left <= 0) return;
      }
    },
  };
}

/** Holds `size` elements; for each element read, gives out a random one of those held. */
export function shuffleStream<T>(source: Streamed<T>, seed: Seed, size: number): Streamed<T> {
  const key = randomKey(seed).fold('shuffle');
  return {
    kind: 'streamed',
    length: source.length,
    async *open({ epoch, skip }) {
      const random = new RandomStream(key.fold(epoch));
      const held: T[] = [];
      let given = 0;
      for await (const element of source.open({ epoch, skip: 0 })) {
        if (held.length < size) {
          held.push(element);
          continue;
        }
        const at = random.below(size);
        const chosen = held[at]!;
        held[at] = element;
        if (given++ >= skip) yield chosen;
      }
      while (held.length > 0) {
        const at = random.below(held.length);
        const chosen = held[at]!;
        held[at] = held[held.length - 1]!;
        held.pop();
        if (given++ >= skip) yield chosen;
      }
    },
  };
}

/** @param length number of batches, where it is known */
export function batchStream<T, C>(
  source: Streamed<T>,
  size: number,
  length: number | undefined,
  dropLast: boolean,
  collate: Collate<T, C>,
): Streamed<C> {
  return {
    kind: 'streamed',
    length,
    async *open({ epoch, skip }) {
      let elements: T[] = [];
      for await (const element of source.open({ epoch, skip: skip * size })) {
        elements.push(element);
        if (elements.length < size) continue;
        yield collate(elements);
        elements = [];
      }
      if (elements.length > 0 && !dropLast) yield collate(elements);
    },
  };
}

// Reading ahead: the next elements are begun while the consumer works on its current one. They begin in a separate task, so the
// consumer's synchronous part, which issues the step's kernels, runs first. Elements with random access are read at the same time,
// those of a stream one after the other.

import type { Indexed } from './indexed.ts';
import type { Pass } from './stage.ts';
import type { Streamed } from './stream.ts';

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Reads up to `depth` elements ahead of the consumer. */
export function prefetch<T, B>(source: Indexed<T, B> | Streamed<T>, depth: number): Streamed<T> {
  return {
    kind: 'streamed',
    length: source.length,
    open: (pass) => readAhead(source.kind === 'indexed' ? indexedReader(source, pass) : streamReader(source, pass), depth),
  };
}

interface Reader<T> {
  /** Begins to read the next element. */
  begin(): Promise<IteratorResult<T, undefined>>;
  /** Stops reading ahead, and closes the source. */
  close(): Promise<void>;
}

function indexedReader<T, B>(source: Indexed<T, B>, { epoch, skip }: Pass): Reader<T> {
  const elements = source.open(epoch);
  let index = skip;
  return {
    async begin() {
      return index < source.length ? { done: false, value: await elements.get(index++) } : DONE;
    },
    close: () => Promise.resolve(),
  };
}

function streamReader<T>(source: Streamed<T>, pass: Pass): Reader<T> {
  const iterator = source.open(pass);
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    begin() {
      // One request at a time: an iterator with queued requests closes only after it has served them all.
      const read = last.then(() => (closed ? DONE : iterator.next()));
      last = read.catch(() => undefined);
      return read;
    },
    async close() {
      closed = true;
      await iterator.return?.();
    },
  };
}

function readAhead<T>(reader: Reader<T>, depth: number): AsyncIterableIterator<T, undefined> {
  const begun: Promise<IteratorResult<T, undefined>>[] = [];
  let ended = false;
  const begin = (): void => {
    const read = reader.begin();
    read.catch(() => undefined); // thrown where the consumer reaches this element, or never if it stops before
    begun.push(read);
  };
  const refill = (): void => {
    while (!ended && begun.length < depth) begin();
  };
  const end = (): Promise<void> => {
    ended = true;
    begun.length = 0;
    return reader.close();
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (ended) return DONE;
      if (begun.length === 0) begin();
      const read = begun.shift()!;
      setTimeout(refill, 0);
      try {
        const result = await read;
        if (result.done) await end();
        return result;
      } catch (error) {
        await end();
        throw error;
      }
    },
    async return() {
      await end();
      return DONE;
    },
  };
}

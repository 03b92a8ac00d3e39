// Stages with several sources. With random access throughout, the result keeps it; otherwise all sources are read as streams.

import { SinapseError } from '@sinapse/core';
import type { Collated } from './collate.ts';
import type { Indexed } from './indexed.ts';
import type { Streamed } from './stream.ts';
import { toStream } from './stream.ts';

export type Source<T> = Indexed<T, unknown> | Streamed<T>;

function allIndexed<T>(sources: readonly Source<T>[]): sources is readonly Indexed<T, unknown>[] {
  return sources.every((source) => source.kind === 'indexed');
}

async function closeAll(iterators: readonly AsyncIterableIterator<unknown>[]): Promise<void> {
  for (const iterator of iterators) await iterator.return?.();
}

/** The sum of the lengths, where all are known. */
function total(sources: readonly Source<unknown>[]): number | undefined {
  return sources.reduce<number | undefined>((sum, { length }) => (sum === undefined || length === undefined ? undefined : sum + length), 0);
}

/**
 * Elements of the same place in several sources, as one record.
 * @throws SinapseError when two known lengths differ; while it is read, when a stream ends before another
 */
export function zipSources<T>(names: readonly string[], sources: readonly Source<T>[]): Source<Record<string, T>> {
  const known = sources.flatMap(({ length }, i) => (length === undefined ? [] : [{ name: names[i]!, length }]));
  const other = known.find(({ length }) => length !== known[0]!.length);
  if (other !== undefined)
    throw new SinapseError(
      `zip: ${known[0]!.name} has ${known[0]!.length} elements, ${other.name} has ${other.length}; take(count) makes them equal`,
    );
  const record = (values: readonly T[]): Record<string, T> => Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  if (allIndexed(sources)) {
    const zipped: Indexed<Record<string, T>, Collated<Record<string, T>>> = {
      kind: 'indexed',
      length: known[0]!.length,
      open(epoch) {
        const opened = sources.map((source) => source.open(epoch));
        return {
          get(index) {
            const values = opened.map((elements) => elements.get(index));
            return values.some((value) => value instanceof Promise) ? Promise.all(values).then(record) : record(values as T[]);
          },
        };
      },
    };
    return zipped;
  }
  return {
    kind: 'streamed',
    length: known[0]?.length,
    async *open(pass) {
      const iterators = sources.map((source) => toStream(source).open(pass));
      try {
        for (;;) {
          const results = await Promise.all(iterators.map((iterator) => iterator.next()));
          const ended = results.findIndex(({ done }) => done);
          if (ended === -1) {
            yield record(results.map(({ value }) => value as T));
            continue;
          }
          const longer = results.findIndex(({ done }) => !done);
          if (longer === -1) return;
          throw new SinapseError(`zip: ${names[ended]!} ended before ${names[longer]!}; take(count) makes them equal`);
        }
      } finally {
        await closeAll(iterators);
      }
    },
  };
}

/** The elements of the first source, then those of the second, and so on. */
export function concatenateSources<T>(sources: readonly Source<T>[]): Source<T> {
  const length = total(sources);
  if (allIndexed(sources)) {
    const which: number[] = [];
    const at: number[] = [];
    let before = 0;
    for (const [i, source] of sources.entries()) {
      which.push(i);
      at.push(before);
      before += source.length;
    }
    const find = (index: number): [number, number] => {
      const source = which.findLast((i) => at[i]! <= index)!;
      return [source, index - at[source]!];
    };
    return located(sources, length!, find);
  }
  return {
    kind: 'streamed',
    length,
    async *open({ epoch, skip }) {
      let left = skip;
      for (const source of sources) {
        const stream = toStream(source);
        if (stream.length !== undefined && left >= stream.length) {
          left -= stream.length;
          continue;
        }
        // A source of unknown length may end within the part to skip, so its elements are counted.
        const counted = stream.length === undefined;
        for await (const element of stream.open({ epoch, skip: counted ? 0 : left })) {
          if (counted && left > 0) left--;
          else yield element;
        }
        if (!counted) left = 0;
      }
    },
  };
}

/** Takes `block` elements from each source in turn; a source that has ended is left out. */
export function interleaveSources<T>(sources: readonly Source<T>[], block: number): Source<T> {
  const length = total(sources);
  if (allIndexed(sources)) {
    const which = new Int32Array(length!);
    const at = new Int32Array(length!);
    for (let next = 0, round = 0; next < length!; round++) {
      for (const [i, source] of sources.entries()) {
        for (let index = round * block; index < Math.min((round + 1) * block, source.length); index++) {
          which[next] = i;
          at[next++] = index;
        }
      }
    }
    return located(sources, length!, (index) => [which[index]!, at[index]!]);
  }
  return {
    kind: 'streamed',
    length,
    async *open({ epoch, skip }) {
      let left = skip;
      let iterators = sources.map((source) => toStream(source).open({ epoch, skip: 0 }));
      try {
        while (iterators.length > 0) {
          const going: typeof iterators = [];
          for (const iterator of iterators) {
            let ended = false;
            for (let i = 0; i < block && !ended; i++) {
              const { done, value } = await iterator.next();
              if (done) ended = true;
              else if (left > 0) left--;
              else yield value;
            }
            if (!ended) going.push(iterator);
          }
          iterators = going;
        }
      } finally {
        await closeAll(iterators);
      }
    },
  };
}

/** Elements that are found by the number of their source and their place in it. */
function located<T>(
  sources: readonly Indexed<T, unknown>[],
  length: number,
  find: (index: number) => readonly [number, number],
): Indexed<T, Collated<T>> {
  return {
    kind: 'indexed',
    length,
    open(epoch) {
      const opened = sources.map((source) => source.open(epoch));
      return {
        get(index) {
          const [source, at] = find(index);
          return opened[source]!.get(at);
        },
      };
    },
  };
}

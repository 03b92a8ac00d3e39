// Batches of sequences of similar length, so that little of a batch is padding.

import { SinapseError, shown } from '@sinapse/core';
import type { Collated } from './collate.ts';
import { padded } from './pad.ts';
import type { Streamed } from './stream.ts';

export interface BucketOptions<T> {
  /** Rising lengths between buckets: `[10, 20]` makes three, of lengths below 10, 10 to 19, and 20 and more. */
  readonly boundaries: readonly number[];
  /** Elements of a batch. */
  readonly size: number;
  /** The length of an element. */
  readonly length: (element: T) => number;
  /** The number that fills up shorter sequences. @default 0 */
  readonly padding?: number;
  /** Leaves out the batches that are short at the end. @default false */
  readonly dropLast?: boolean;
}

/** Gives out a batch as soon as a bucket is full, and what is left at the end, shortest bucket first. */
export function bucketStream<T>(source: Streamed<T>, options: BucketOptions<T>): Streamed<Collated<T>> {
  const { boundaries, size, length, padding = 0, dropLast = false } = options;
  const collate = padded<T>(padding);
  return {
    kind: 'streamed',
    length: undefined,
    async *open({ epoch, skip }) {
      const buckets = Array.from({ length: boundaries.length + 1 }, (): T[] => []);
      let given = 0;
      for await (const element of source.open({ epoch, skip: 0 })) {
        const steps = length(element);
        if (!(steps >= 0)) throw new SinapseError(`bucketByLength: length: expected a number >= 0, got ${shown(steps)}`);
        const above = boundaries.findIndex((boundary) => steps < boundary);
        const at = above === -1 ? boundaries.length : above;
        buckets[at]!.push(element);
        if (buckets[at]!.length < size) continue;
        if (given++ >= skip) yield collate(buckets[at]!);
        buckets[at] = [];
      }
      if (dropLast) return;
      for (const rest of buckets) if (rest.length > 0 && given++ >= skip) yield collate(rest);
    },
  };
}

// The options of a dataset's stages, with their checks.

import { check } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import type { BucketOptions } from './bucket.ts';
import type { CacheStore } from './cache.ts';
import { SIGNAL } from './option-checks.ts';
import type { Collate } from './stage.ts';

/** The largest count: counts are held in 32 bits. */
const MOST = 2 ** 31 - 1;
export const COUNT: Check = check.integer(0, MOST);
export const SIZE: Check = check.integer(1, MOST);
export const AHEAD: Check = check.integer(1, 1024);

export interface IterateOptions {
  /** Number of the epoch, which decides the order of a shuffle. @default 0 */
  readonly epoch?: number;
  /** Number of elements (batches, after `batch`) to leave out at the start, to resume an interrupted epoch. @default 0 */
  readonly skip?: number;
  /** Ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal;
}

export const ITERATE: OptionChecks<IterateOptions> = { epoch: COUNT, skip: COUNT, signal: SIGNAL };

export interface BatchOptions<T, C> {
  /** Leaves out the last batch when it is short. @default false */
  readonly dropLast?: boolean;
  /** Makes a batch from its elements, in place of the default collation: `(elements) => elements` leaves them in a list. */
  readonly collate?: Collate<T, C>;
}

export const BATCH: OptionChecks<BatchOptions<unknown, unknown>> = { dropLast: check.flag, collate: check.callable };

export interface ShuffleOptions {
  /** Number of elements held to choose from: required without random access, unused with it. */
  readonly buffer?: number;
}

export const SHUFFLE: OptionChecks<ShuffleOptions> = { buffer: SIZE };

export interface MapOptions {
  /**
   * Most calls under way at the same time where elements come one after the other, 1 to 1024; their results keep their order. With random
   * access `batch` and `prefetch` say how many elements are read at once. @default 1
   */
  readonly concurrency?: number;
}

export const MAP: OptionChecks<MapOptions> = { concurrency: AHEAD };

export interface InterleaveOptions {
  /** Elements taken from one source before the next one follows. @default 1 */
  readonly block?: number;
}

export const INTERLEAVE: OptionChecks<InterleaveOptions> = { block: SIZE };

const BOUNDARIES: Check = {
  expected: 'rising numbers > 0',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each, i) => Number.isFinite(each) && each > (i === 0 ? 0 : (value as number[])[i - 1]!)),
};

export const BUCKET: OptionChecks<BucketOptions<unknown>> = {
  boundaries: check.required(BOUNDARIES),
  size: check.required(SIZE),
  length: check.required(check.callable),
  padding: check.finite,
  dropLast: check.flag,
};

export const STORE: Check = {
  expected: 'a store with get(index) and set(index, element)',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as CacheStore<unknown>).get === 'function' &&
    typeof (value as CacheStore<unknown>).set === 'function',
};

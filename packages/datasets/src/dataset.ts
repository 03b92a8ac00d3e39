// A dataset is a recipe: stages over a source, run afresh for each epoch. An element is read only when it is asked for. The elements of
// an epoch depend only on the recipe and the epoch's number, so a run can be resumed in the middle.

import { SinapseError, check, checkOptions, checkValue, printsAs, shown } from '@sinapse/core';
import type { OptionChecks, Seed } from '@sinapse/core';
import { abortable } from './pipeline/abort.ts';
import { collate as collateByForm } from './pipeline/collate.ts';
import type { Collated } from './pipeline/collate.ts';
import { batchIndexed, indexedSource, mapIndexed, shuffleIndexed, sliceIndexed } from './pipeline/indexed.ts';
import type { Indexed, RandomAccess } from './pipeline/indexed.ts';
import { SEED, SIGNAL } from './pipeline/option-checks.ts';
import { prefetch } from './pipeline/prefetch.ts';
import type { Collate, MapFunction } from './pipeline/stage.ts';
import {
  batchStream,
  filterStream,
  isIterable,
  iterableSource,
  mapStream,
  shuffleStream,
  sliceStream,
  streamedSource,
  toStream,
} from './pipeline/stream.ts';
import type { IterableFactory, Streamed } from './pipeline/stream.ts';

/** The largest count: counts are held in 32 bits. */
const MOST = 2 ** 31 - 1;
const COUNT = check.integer(0, MOST);
const SIZE = check.integer(1, MOST);
const AHEAD = check.integer(1, 1024);
const ITERATE: OptionChecks<IterateOptions> = { epoch: COUNT, skip: COUNT, signal: SIGNAL };
const BATCH: OptionChecks<BatchOptions<unknown, unknown>> = { dropLast: check.flag, collate: check.callable };
const SHUFFLE: OptionChecks<ShuffleOptions> = { buffer: SIZE };

export interface IterateOptions {
  /** Number of the epoch, which decides the order of a shuffle. @default 0 */
  readonly epoch?: number;
  /** Number of elements (batches, after `batch`) to leave out at the start, to resume an interrupted epoch. @default 0 */
  readonly skip?: number;
  /** Ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface BatchOptions<T, C> {
  /** Leaves out the last batch when it is short. @default false */
  readonly dropLast?: boolean;
  /** Makes a batch from its elements, in place of the default collation: `(elements) => elements` leaves them in a list. */
  readonly collate?: Collate<T, C>;
}

export interface ShuffleOptions {
  /** Number of elements held to choose from: required without random access, unused with it. */
  readonly buffer?: number;
}

/**
 * A re-iterable, lazy pipeline of elements `T`; `B` is the type of its source's batches.
 *
 * Over a source with random access (an array, `imageDataset`) `map`, `take`, `skip`, `shuffle` and `batch` keep that access: resuming
 * with `skip` does no work for the elements left out. After `filter` or `prefetch`, or from an iterable, elements are read one after the other.
 * @example
 * const batches = Dataset.from([1, 2, 3, 4, 5]).map((x) => x * x).shuffle(1).batch(2);
 * for await (const batch of batches.iterate({ epoch: 3 })) console.log(batch);
 */
export class Dataset<T, B = Collated<T>> implements AsyncIterable<T> {
  private readonly source: Indexed<T, B> | Streamed<T>;
  /** The stages, for `toString`: `map`, `batch(32)`. */
  private readonly stages: readonly string[];

  private constructor(source: Indexed<T, B> | Streamed<T>, stages: readonly string[] = []) {
    this.source = source;
    this.stages = stages;
  }

  /**
   * A dataset over an array or a typed array, over anything with `length` and `get(index)`, over an iterable, or over the iterable that a
   * function, such as a generator function, returns for each epoch. A generator (an iterable that ends for good) gives one epoch only.
   * @throws SinapseError when the source is none of these; when a generator is read a second time
   */
  static from<T, B = Collated<T>>(source: RandomAccess<T, B>): Dataset<T, B>;
  static from<T>(source: ArrayLike<T> | Iterable<T> | AsyncIterable<T> | IterableFactory<T>): Dataset<T>;
  static from<T, B>(source: RandomAccess<T, B> | ArrayLike<T> | Iterable<T> | AsyncIterable<T> | IterableFactory<T>): Dataset<T, B> {
    if (source instanceof Dataset) return source as Dataset<T, B>; // its epochs differ, and random access is kept
    if (typeof source === 'function') return new Dataset<T, B>(streamedSource(source));
    if (Array.isArray(source) || ArrayBuffer.isView(source)) {
      const elements = source as unknown as ArrayLike<T>;
      return new Dataset<T, B>(indexedSource({ length: elements.length, get: (index: number) => elements[index] as T }));
    }
    const elements = source as RandomAccess<T, B>;
    if (typeof elements?.get === 'function' && 'length' in elements) {
      checkValue('dataset: length', elements.length, COUNT);
      return new Dataset<T, B>(indexedSource(elements));
    }
    if (isIterable<T>(source)) return new Dataset<T, B>(iterableSource(source));
    throw new SinapseError(
      `dataset: expected an array, an object with length and get(index), an iterable, or a function that returns one, got ${shown(source)}`,
    );
  }

  /** Number of elements of an epoch; undefined after `filter` or from an iterable. */
  get length(): number | undefined {
    return this.source.length;
  }

  /** Its length and stages, as consoles show it. No element is read for it, so what the elements are is not said. */
  toString(): string {
    const count = this.length === undefined ? 'elements, number unknown' : this.length === 1 ? '1 element' : `${this.length} elements`;
    return `Dataset of ${[count, ...this.stages].join(' → ')}`;
  }

  /** Passes each element through a function, which may be asynchronous. Its error is thrown where the element is consumed. */
  map<U>(fn: MapFunction<T, U>): Dataset<U> {
    checkValue('map: function', fn, check.callable);
    return new Dataset<U>(this.source.kind === 'indexed' ? mapIndexed(this.source, fn) : mapStream(this.source, fn), [
      ...this.stages,
      'map',
    ]);
  }

  /** Keeps only the elements that a function accepts. The length is unknown afterwards. */
  filter(accepts: MapFunction<T, boolean>): Dataset<T> {
    checkValue('filter: function', accepts, check.callable);
    return new Dataset<T>(filterStream(toStream(this.source), accepts), [...this.stages, 'filter']);
  }

  /** Keeps the first `count` elements. */
  take(count: number): Dataset<T, B> {
    checkValue('take: count', count, COUNT);
    return this.slice(0, count);
  }

  /** Leaves out the first `count` elements. */
  skip(count: number): Dataset<T, B> {
    checkValue('skip: count', count, COUNT);
    return this.slice(count, Infinity);
  }

  private slice(start: number, end: number): Dataset<T, B> {
    return new Dataset<T, B>(
      this.source.kind === 'indexed' ? sliceIndexed(this.source, start, end) : sliceStream(this.source, start, end),
      [...this.stages, end === Infinity ? `skip(${start})` : `take(${end})`],
    );
  }

  /**
   * Puts the elements in a random order, which depends only on `(seed, epoch)`.
   * @param seed by default 0
   * @throws SinapseError when the buffer is missing where it is required, or an option is out of range
   */
  shuffle(seed: Seed = 0, options: ShuffleOptions = {}): Dataset<T, B> {
    checkValue('shuffle: seed', seed, SEED);
    checkOptions('shuffle', options, SHUFFLE);
    if (this.source.kind === 'indexed') return new Dataset<T, B>(shuffleIndexed(this.source, seed), [...this.stages, 'shuffle']);
    if (options.buffer === undefined) {
      throw new SinapseError('shuffle: without random access (after filter or prefetch, or from an iterable) pass { buffer: number }');
    }
    return new Dataset<T, B>(shuffleStream(this.source, seed, options.buffer), [...this.stages, 'shuffle']);
  }

  /**
   * Groups elements into batches of `size`; the last one may be short. The members of the elements are collated: numbers become one int32 array
   * if all of the batch are whole, as class numbers are, otherwise float32; nested arrays become float32; typed arrays keep their type; tensors
   * become a list; in a record, each member by itself. A source with random access may make whole batches in its own way, as `imageDataset` does.
   * @param size at least 1; a size above the dataset's gives one batch of all elements
   * @throws SinapseError when an argument is out of range, or when `dropLast` would leave nothing; when a batch is read, if its elements differ
   *   in form or shape
   */
  batch<C = B>(size: number, options: BatchOptions<T, C> = {}): Dataset<C> {
    checkValue('batch: size', size, SIZE);
    checkOptions('batch', options, BATCH);
    const { dropLast = false, collate = (elements) => collateByForm(elements) as C } = options;
    const { source } = this;
    const length = source.length === undefined ? undefined : dropLast ? Math.floor(source.length / size) : Math.ceil(source.length / size);
    if (length === 0 && source.length !== 0) {
      throw new SinapseError(`batch: size ${size} with dropLast leaves nothing of ${source.length} elements; use a smaller size`);
    }
    if (source.kind === 'indexed')
      return new Dataset<C>(batchIndexed(source, size, length!, collate, options.collate === undefined), [
        ...this.stages,
        `batch(${size})`,
      ]);
    return new Dataset<C>(batchStream(source, size, length, dropLast, collate), [...this.stages, `batch(${size})`]);
  }

  /** Begins to read up to `count` elements ahead of the consumer, in order; should be the last stage. */
  prefetch(count: number): Dataset<T> {
    checkValue('prefetch: count', count, AHEAD);
    return new Dataset<T>(prefetch(this.source, count), [...this.stages, `prefetch(${count})`]);
  }

  /**
   * Runs one epoch, from its start or from a later element.
   * @throws SinapseError when an option is out of range
   */
  iterate(options: IterateOptions = {}): AsyncIterableIterator<T> {
    checkOptions('iterate', options, ITERATE);
    const { epoch = 0, skip = 0, signal } = options;
    const iterator = toStream(this.source).open({ epoch, skip });
    return signal === undefined ? iterator : abortable(iterator, signal);
  }

  /** Runs epoch 0. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.iterate();
  }
}

printsAs(Dataset, 'Dataset', String, String);

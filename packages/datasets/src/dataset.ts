// A dataset is a recipe: stages over a source, run afresh for each epoch. An element is read only when it is asked for. The elements of
// an epoch depend only on the recipe and the epoch's number, so a run can be resumed in the middle.

import { SinapseError, check, checkOptions, checkValue, printsAs, shown } from '@sinapse/core';
import type { Seed } from '@sinapse/core';
import { abortable } from './pipeline/abort.ts';
import { bucketStream } from './pipeline/bucket.ts';
import type { BucketOptions } from './pipeline/bucket.ts';
import { cacheSource, memoryStore } from './pipeline/cache.ts';
import type { CacheStore } from './pipeline/cache.ts';
import { collate as collateByForm } from './pipeline/collate.ts';
import type { Collated } from './pipeline/collate.ts';
import { batchIndexed, indexedSource, mapIndexed, shuffleIndexed, sliceIndexed } from './pipeline/indexed.ts';
import type { Indexed, RandomAccess } from './pipeline/indexed.ts';
import { concatenateSources, interleaveSources, zipSources } from './pipeline/join.ts';
import { SEED } from './pipeline/option-checks.ts';
import { AHEAD, BATCH, BUCKET, COUNT, INTERLEAVE, ITERATE, MAP, SHUFFLE, SIZE, STORE } from './pipeline/options.ts';
import type { BatchOptions, InterleaveOptions, IterateOptions, MapOptions, ShuffleOptions } from './pipeline/options.ts';
import { prefetch } from './pipeline/prefetch.ts';
import { repeatSource } from './pipeline/repeat.ts';
import type { MapFunction } from './pipeline/stage.ts';
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

  /**
   * Elements of the same place in several datasets, as one record: `Dataset.zip({ x: images, y: labels })`.
   * @throws SinapseError when two datasets differ in length
   */
  static zip<R extends Readonly<Record<string, unknown>>>(datasets: { readonly [Name in keyof R]: Dataset<R[Name], unknown> }): Dataset<R> {
    if (typeof datasets !== 'object' || datasets === null || Array.isArray(datasets) || Object.keys(datasets).length === 0)
      throw new SinapseError(`zip: expected datasets by name, e.g. { x: images, y: labels }, got ${shown(datasets)}`);
    const list = Object.values<Dataset<unknown, unknown>>(datasets);
    checkDatasets('zip', list);
    const zipped = zipSources(
      Object.keys(datasets),
      list.map(({ source }) => source),
    );
    return new Dataset<R>(zipped as Streamed<R>, ['zip']);
  }

  /** The elements of the first dataset, then those of the second, and so on. */
  static concatenate<T>(datasets: readonly Dataset<T, unknown>[]): Dataset<T> {
    checkDatasets('concatenate', datasets);
    return new Dataset<T>(concatenateSources<T>(datasets.map(({ source }) => source)) as Streamed<T>, ['concatenate']);
  }

  /** Takes elements from each dataset in turn, until all have ended. */
  static interleave<T>(datasets: readonly Dataset<T, unknown>[], options: InterleaveOptions = {}): Dataset<T> {
    checkDatasets('interleave', datasets);
    checkOptions('interleave', options, INTERLEAVE);
    return new Dataset<T>(interleaveSources<T>(datasets.map(({ source }) => source), options.block ?? 1) as Streamed<T>, ['interleave']); // prettier-ignore
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
  map<U>(fn: MapFunction<T, U>, options: MapOptions = {}): Dataset<U> {
    checkValue('map: function', fn, check.callable);
    checkOptions('map', options, MAP);
    const { source } = this;
    return new Dataset<U>(source.kind === 'indexed' ? mapIndexed(source, fn) : mapStream(source, fn, options.concurrency), [
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

  /**
   * Groups sequences of similar length into batches, filled up to the longest of their batch (see `padded`). How many batches there are is
   * not known beforehand. Shuffle before it, not after: batches come as buckets fill.
   * @throws SinapseError when an option is out of range; while it is read, when a length is no number >= 0
   * @example
   * sentences.shuffle(1).bucketByLength({ boundaries: [10, 20, 40], size: 32, length: ({ x }) => x.length });
   */
  bucketByLength(options: BucketOptions<T>): Dataset<Collated<T>> {
    checkOptions('bucketByLength', options, BUCKET);
    return new Dataset<Collated<T>>(bucketStream(toStream(this.source), options), [...this.stages, 'bucketByLength']);
  }

  /**
   * Repeats the elements: each repetition counts as an epoch to the stages before it, so a shuffle gives each another order.
   * @param count by default without end, which needs `take` after it
   */
  repeat(count?: number): Dataset<T> {
    if (count !== undefined) checkValue('repeat: count', count, SIZE);
    if (count !== undefined && this.length !== undefined) checkValue('repeat: number of elements', count * this.length, COUNT);
    return new Dataset<T>(repeatSource(this.source, count ?? Infinity), [...this.stages, count === undefined ? 'repeat' : `repeat(${count})`]); // prettier-ignore
  }

  /**
   * Keeps elements when they are first read, for later epochs. What stands before it runs in epoch 0 only: shuffles and random changes belong
   * after it.
   * @param store where to keep them, by default in memory; `diskStore` of `@sinapse/datasets/node` keeps them between runs
   */
  cache(store: CacheStore<T> = memoryStore()): Dataset<T> {
    checkValue('cache', store, STORE);
    return new Dataset<T>(cacheSource(this.source, store), [...this.stages, 'cache']);
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

function checkDatasets(owner: string, datasets: unknown): void {
  const wrong = Array.isArray(datasets) && datasets.length > 0 ? datasets.find((each) => !(each instanceof Dataset)) : datasets;
  if (wrong !== undefined || !Array.isArray(datasets))
    throw new SinapseError(`${owner}: expected a list of datasets, got ${shown(wrong)}; make one with Dataset.from(…)`);
}

printsAs(Dataset, 'Dataset', String, String);

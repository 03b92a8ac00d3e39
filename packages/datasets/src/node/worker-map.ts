// A function for `Dataset.map` that runs in worker threads.

import { check, checkOptions, checkValue } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { MapFunction } from '../pipeline/stage.ts';
import { WorkerPool } from './worker-pool.ts';

export interface WorkerMapOptions {
  /** Name of the module's function. @default 'default' */
  readonly name?: string;
  /** Number of threads, 1 to 256. @default one fewer than processors, at least 1 */
  readonly workers?: number;
  /** Milliseconds that a call may take. @default without limit */
  readonly timeoutMs?: number;
}

/** A function that runs in worker threads; `close` ends them. Idle threads do not keep the process alive. */
export type WorkerMap<T, U> = MapFunction<T, U> & { close(): Promise<void> };

const WORKER_MAP: OptionChecks<WorkerMapOptions> = {
  name: { expected: 'a name', accepts: (value) => typeof value === 'string' },
  workers: check.integer(1, 256),
  timeoutMs: check.positive,
};

/**
 * Makes a function for `map` that calls a module's function in worker threads: for work in JavaScript that one thread is too slow for.
 * Elements and results are copied between threads (typed arrays in results move); the function gets `(element, { epoch, index })` as `map`'s
 * own. Several run at once after `batch` or `prefetch` with random access, or with `map(fn, { concurrency })` over a stream.
 * @param module the address or path of a JavaScript module
 * @throws SinapseError where an element is consumed, with the message of the function's error, or when it takes too long
 * @example
 * const spectrogram = workerMap<Sound, Picture>(new URL('./spectrogram.js', import.meta.url), { workers: 4 });
 * const batches = sounds.map(spectrogram).batch(32).prefetch(2);
 */
export function workerMap<T, U>(module: URL | string, options: WorkerMapOptions = {}): WorkerMap<T, U> {
  checkValue('workerMap: module', module, {
    expected: 'the address or path of a module',
    accepts: (value) => value instanceof URL || (typeof value === 'string' && value !== ''),
  });
  checkOptions('workerMap', options, WORKER_MAP);
  const { name = 'default', workers = Math.max(1, availableParallelism() - 1), timeoutMs } = options;
  const pool = new WorkerPool({ module: String(module instanceof URL ? module : pathToFileURL(module)), name }, { workers });
  return Object.assign((async (element, context) => pool.run([element, context], timeoutMs) as Promise<U>) as MapFunction<T, U>, {
    close: () => pool.close(),
  });
}

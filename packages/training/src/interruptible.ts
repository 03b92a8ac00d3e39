// Waits for data so that an abort or a lost device ends the wait, even if the source does not listen to the signal.

import { shown } from '@sinapse/core';
import { TrainingError } from './errors.ts';

/**
 * Yields the items of a source until it ends or the signal is aborted. An abort ends the iteration without an error, at once if it is
 * waiting for an item, and tells the source to clean up. Errors of the source are passed on unchanged.
 * @param lost aborted when the device is lost: it ends the iteration, too, but throws its reason
 */
export async function* interruptible<T>(
  source: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
  lost?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = iteratorOf(source);
  const signals = [signal, lost].filter((given) => given !== undefined);
  let open = true;
  try {
    for (;;) {
      lost?.throwIfAborted();
      if (signal?.aborted) return;
      let item: IteratorResult<T> | undefined;
      try {
        item = await nextUnlessAborted(iterator, signals);
      } catch (error) {
        open = false;
        if (signal?.aborted && isAbort(error, signal)) return;
        throw error;
      }
      if (item === undefined) continue; // aborted: `finally` tells the source but does not wait for it, since it may never answer
      if (item.done) {
        open = false;
        return;
      }
      yield item.value;
    }
  } finally {
    if (open) {
      const closing = Promise.resolve(iterator.return?.());
      if (signals.some(({ aborted }) => aborted)) closing.catch(() => {});
      else await closing;
    }
  }
}

/** A source that answers at once is one that answers later, too. */
function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> {
  const given = source as Partial<AsyncIterable<T> & Iterable<T>> | undefined | null;
  if (typeof given?.[Symbol.asyncIterator] === 'function') return given[Symbol.asyncIterator]!();
  if (typeof given !== 'string' && typeof given?.[Symbol.iterator] === 'function') return later(given as Iterable<T>);
  throw new TrainingError(`iterate(…) of the data must give batches one after another, as a generator does; it gave ${shown(source)}`);
}

async function* later<T>(source: Iterable<T>): AsyncGenerator<T, void, undefined> {
  for (const item of source) yield await Promise.resolve(item);
}

/** Waits for the next item; undefined if an abort comes first. It removes its listeners, since one signal may serve a million steps. */
function nextUnlessAborted<T>(iterator: AsyncIterator<T>, signals: readonly AbortSignal[]): Promise<IteratorResult<T> | undefined> {
  if (signals.length === 0) return iterator.next();
  return new Promise((resolve, reject) => {
    const settled = () => {
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => (settled(), resolve(undefined));
    for (const signal of signals) signal.addEventListener('abort', onAbort);
    iterator.next().then(
      (item) => (settled(), resolve(item)),
      (error: unknown) => (settled(), reject(error)),
    );
  });
}

/** Whether the source threw this error because it was aborted. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

// Waiting for data without being held by it: an abort ends the wait even where the source does not listen.

/**
 * The items of a source until it ends or the signal is aborted. An abort ends the iteration quietly, at once if it is waiting for the
 * next item; the source is told to clean up. Errors of the source come through as they are.
 */
export async function* interruptible<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let open = true;
  try {
    while (!signal?.aborted) {
      let item: IteratorResult<T> | undefined;
      try {
        item = await nextUnlessAborted(iterator, signal);
      } catch (error) {
        open = false;
        if (signal?.aborted && isAbort(error, signal)) return;
        throw error;
      }
      if (item === undefined) return; // `finally` tells the source, without waiting: it may be held for ever
      if (item.done) {
        open = false;
        return;
      }
      yield item.value;
    }
  } finally {
    if (open) {
      const closing = Promise.resolve(iterator.return?.());
      if (signal?.aborted) closing.catch(() => {});
      else await closing;
    }
  }
}

/** The next item, or undefined when the abort comes first. Listeners are taken off again: one signal serves a million steps. */
function nextUnlessAborted<T>(iterator: AsyncIterator<T>, signal: AbortSignal | undefined): Promise<IteratorResult<T> | undefined> {
  if (signal === undefined) return iterator.next();
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = () => signal.removeEventListener('abort', onAbort);
    iterator.next().then(
      (item) => (settled(), resolve(item)),
      (error: unknown) => (settled(), reject(error)),
    );
  });
}

/** Whether an error is the source's way to say that it was aborted. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

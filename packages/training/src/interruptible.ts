// Waiting for data without being held by it: an abort or a lost device ends the wait even where the source does not listen.

/**
 * The items of a source until it ends or the signal is aborted. An abort ends the iteration quietly, at once if it is waiting for the
 * next item; the source is told to clean up. Errors of the source come through as they are.
 * @param lost aborted when the device is lost: ends the iteration likewise, but throws its reason
 */
export async function* interruptible<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
  lost?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
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
      if (item === undefined) continue; // aborted: `finally` tells the source, without waiting, as it may be held for ever
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

/** The next item, or undefined when an abort comes first. Listeners are taken off again: one signal serves a million steps. */
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

/** Whether an error is the source's way to say that it was aborted. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

/**
 * Ends an iteration when the signal is aborted: the pending read rejects at once with the signal's reason, and the source is closed
 * without waiting for a read that may never end.
 */
export function abortable<T>(iterator: AsyncIterableIterator<T>, signal: AbortSignal): AsyncIterableIterator<T> {
  const close = (): void => {
    Promise.resolve(iterator.return?.()).catch(() => undefined); // the reason of the abort is the error to report
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (signal.aborted) {
        close();
        throw signal.reason;
      }
      let onAbort: () => void;
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => {
          close();
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onAbort, { once: true });
      });
      return Promise.race([iterator.next(), aborted]).finally(() => signal.removeEventListener('abort', onAbort));
    },
    async return() {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}

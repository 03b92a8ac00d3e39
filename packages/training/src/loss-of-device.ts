// Turns the loss of a device into an AbortSignal, to which code that waits for something else can listen.

import type { Backend } from '@sinapse/core';

const signals = new WeakMap<Backend, AbortSignal>();

/**
 * The signal that is aborted when the backend's device is lost, with the BackendLostError as its reason. Undefined if reading is immediate:
 * there, kernels run on the host. Each backend has a single signal, because every `then` on the promise `lost`, which may stay pending,
 * would be held in memory.
 */
export function lossOfDevice(backend: Backend): AbortSignal | undefined {
  if (backend.info.reading === 'immediate') return undefined;
  let signal = signals.get(backend);
  if (signal === undefined) {
    const controller = new AbortController();
    signal = controller.signal;
    signals.set(backend, signal);
    void backend.lost.then((error) => controller.abort(error));
  }
  return signal;
}

// A device that is lost, as a signal: whoever waits for something else can listen to it.

import type { Backend } from '@sinapse/core';

const signals = new WeakMap<Backend, AbortSignal>();

/**
 * A signal that is aborted when the backend's device is lost, with the BackendLostError as its reason; undefined where reading is immediate, since
 * there kernels run on the host itself. One for each backend, however often it is asked for: `lost` is a promise that may stay pending, and would
 * collect whatever is chained to it.
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

// Ctrl-C. The first one asks the work to stop at a point from which it can continue; the second one ends the process at once. Files are
// written under another name and then renamed, so that no file is ever left half written.

import { exitCode } from './exit-code.ts';
import { stopSignals } from './platform.ts';

const signals = stopSignals(process.platform);

export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Stops listening: signals get their usual effect again. */
  end(): void;
}

/** @param onFirst tells the user that the work is about to stop */
export function listenForInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const receive = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
    onFirst();
  };
  for (const name of signals) process.on(name, receive);
  return {
    signal: controller.signal,
    end() {
      for (const name of signals) process.off(name, receive);
    },
  };
}

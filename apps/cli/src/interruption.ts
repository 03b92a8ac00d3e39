// Ctrl-C. The first one asks the work to stop where it can be continued; the second one ends the process at once. Files are written
// beside their place and moved there, so that an end at any moment leaves whole ones.

import { exitCode } from './exit-code.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** From here on signals do what they did before. */
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

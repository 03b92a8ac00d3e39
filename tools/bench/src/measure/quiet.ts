// A round begins when the processors rest.

import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds between two looks at the processors: five ticks of Linux's clock. */
const LOOK = 50;
/** Looks at processors that do not come to rest: something else is at work, as the tables will say. */
const MOST_LOOKS = 20;

/** Seconds that all processors together have been at work since the machine was started. */
export function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

/**
 * Waits until the processors rest, a second at most. Threads of OpenBLAS, in NumPy and PyTorch, wait for more work at full speed for a tenth of a
 * second: who came next would be measured on a processor less.
 *
 * @param busy seconds that the processors have been at work, from any beginning
 * @param sleep returns after so many milliseconds
 */
export async function quiet(
  busy: () => number = busySeconds,
  sleep: (milliseconds: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const before = busy();
    await sleep(LOOK);
    if (busy() - before < (0.5 * LOOK) / 1000) return;
  }
}

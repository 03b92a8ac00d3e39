// Waits for idle processors before a round.

import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds of each look at the processors: five ticks of Linux's clock. */
const LOOK = 50;
/** Most looks; processors that are still busy run other programs, and the tables will say so. */
const MOST_LOOKS = 20;

/** Seconds that all processors together have been busy since the machine started. */
export function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

/**
 * Waits until the processors are idle, a second at most. After their work, the threads of OpenBLAS (in NumPy and PyTorch) spin for a tenth
 * of a second; without the wait, the next contestant would have one processor less.
 *
 * @param busy seconds that the processors have been busy since some fixed time
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

// Tries a backend whose driver is foreign code in a process of its own: such code may write to the terminal, hang, or end its process.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BackendUnavailable } from './unavailable.ts';

/** A backend on a driver that is foreign code. */
export type TriedBackend = 'webgpu' | 'tfjs-node-gpu';

/** What the process answers: `why` is undefined where the backend can be used. */
export interface TrialAnswer {
  readonly why?: string;
}

/** The compiled program, also where this file runs as a source, in tests. */
const program = fileURLToPath(new URL('../../dist/backends/trial-process.js', import.meta.url));

/** Seconds that a driver may take. */
const mostSeconds = 30;

/** @throws BackendUnavailable when the backend cannot be used on this machine; its message says why, and what to do */
export async function tryBackend(name: TriedBackend): Promise<void> {
  const child = fork(program, [name], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const done = new AbortController();
  const { signal } = done;
  try {
    const why = await Promise.race([
      once(child, 'message', { signal }).then(([answer]) => (answer as TrialAnswer).why),
      once(child, 'exit', { signal }).then(() => 'the driver of the graphics card crashes; install another version of it'),
      setTimeout(mostSeconds * 1000, `the driver of the graphics card does not answer in ${mostSeconds} seconds; end what else uses it`, {
        signal,
      }),
    ]);
    if (why !== undefined) throw new BackendUnavailable(why);
  } finally {
    done.abort();
    child.kill('SIGKILL');
  }
}

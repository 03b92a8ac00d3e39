// Opens WebGPU in Node. Its driver is foreign code, which may write to the terminal or end its process, so another process tries it first.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Backend } from '@sinapse/core';
import { BackendUnavailable } from './unavailable.ts';

/** What the process answers: `why` is undefined where WebGPU can be used. */
export interface WebGpuAnswer {
  readonly why?: string;
}

/** The compiled program, also where this file runs as a source, in tests. */
const program = fileURLToPath(new URL('../../dist/backends/webgpu-process.js', import.meta.url));

/** Seconds in which a driver has to show an adapter. */
const mostSeconds = 30;

/** @throws BackendUnavailable when this machine has no WebGPU; its message says why, and what to do */
export async function openWebGpu(): Promise<Backend> {
  const why = await whyNot();
  if (why !== undefined) throw new BackendUnavailable(why);
  return (await import('@sinapse/backend-webgpu')).webgpu();
}

/** Undefined where WebGPU can be used, otherwise one sentence with the reason and what to do. */
async function whyNot(): Promise<string | undefined> {
  const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const done = new AbortController();
  const { signal } = done;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([answer]) => (answer as WebGpuAnswer).why),
      once(child, 'exit', { signal }).then(() => 'the driver of the graphics card crashes; install another version of it'),
      setTimeout(mostSeconds * 1000, `the driver of the graphics card does not answer in ${mostSeconds} seconds; end what else uses it`, {
        signal,
      }),
    ]);
  } finally {
    done.abort();
    child.kill('SIGKILL');
  }
}

// The program of a worker thread: it loads a module, and calls its function for each message. `workerData` says which.

import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is told when it starts. */
export interface WorkerTask {
  /** Address of the module. */
  readonly module: string;
  /** Name of its function. */
  readonly name: string;
}

/** The arguments of a call. */
export type WorkerRequest = readonly unknown[];

/** The first answer says that the module is loaded; each one after it belongs to a call. */
export type WorkerAnswer = { readonly ready: true } | { readonly result: unknown } | { readonly message: string };

const { module, name } = workerData as WorkerTask;
const port = parentPort!;

/** The memory of typed arrays within a result, which moves to the other thread without a copy. */
function memoryOf(value: unknown, found: Set<ArrayBuffer>): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    // A view of a part is copied: its memory may hold what others use, as the pool of Node's small buffers does.
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer);
  } else if (Array.isArray(value)) for (const each of value) memoryOf(each, found);
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) memoryOf(each, found);
  return found;
}

const loaded = import(module).then((exports: Record<string, unknown>) => {
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`${module} exports no function ${name}`);
  return found as (...args: unknown[]) => unknown;
});
const ready = (): void => port.postMessage({ ready: true } satisfies WorkerAnswer);
loaded.then(ready, ready); // why it failed is answered to each call

port.on('message', (args: WorkerRequest) => {
  loaded
    .then((run) => run(...args))
    .then((result) => port.postMessage({ result } satisfies WorkerAnswer, [...memoryOf(result, new Set())]))
    .catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      port.postMessage({ message: message.split('\n')[0]! } satisfies WorkerAnswer);
    });
});

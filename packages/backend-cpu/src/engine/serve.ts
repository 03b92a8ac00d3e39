// The task of a worker of the WebAssembly engine: it joins the pool and stays until the pool stops.

import { exportsOf, importObject } from './wasm-boundary.ts';
import type { WorkerTask } from './wasm.ts';

/** Returns when the pool stops. */
export function serve({ module, memory, thread, stack }: WorkerTask): void {
  const refuse = () => {
    throw new Error('only the calling thread may do this');
  };
  const imports = importObject(memory, { allocate: refuse, free: refuse, refuse, startWorkers: refuse });
  exportsOf(new WebAssembly.Instance(module, imports)).serve(thread, stack);
}

// The task of a worker of the WebAssembly engine: it joins the pool and stays until the pool stops.

import type { WorkerTask } from './wasm.ts';

interface Exports {
  readonly __stack_pointer: WebAssembly.Global;
  serve(thread: number): void;
}

/** Returns when the pool stops. */
export function serve({ module, memory, thread, stack }: WorkerTask): void {
  const refuse = () => {
    throw new Error('only the calling thread may do this');
  };
  const host = { allocate: refuse, free: refuse, startWorkers: refuse };
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, host });
  const worker = exports as unknown as Exports;
  worker.__stack_pointer.value = stack;
  worker.serve(thread);
}

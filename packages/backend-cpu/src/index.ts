// The CPU backend: the fastest engine this machine can run. Today there is one, in plain TypeScript.

import type { Backend } from '@sinapse/core';
import { TypeScriptBackend } from './reference/backend.ts';

export interface CpuOptions {
  /** For tests: memory is filled with NaN (integers: garbage) when it is made and when it is released. Default false. */
  readonly poison?: boolean;
}

/** A backend that runs on the processor, in Node and in browsers; `info.engine` names what runs the kernels. */
export async function cpu(options: CpuOptions = {}): Promise<Backend> {
  const notes = ['native addon: not part of this version', 'WebAssembly: not part of this version'];
  return new TypeScriptBackend({ name: 'cpu', notes, precision: 'float32', poison: options.poison ?? false });
}

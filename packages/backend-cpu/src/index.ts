// The CPU backend: the fastest engine this machine can run.

import type { Backend, OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import { EngineBackend } from './engine/backend.ts';
import type { WasmFiles } from './host/wasm-files.ts';
import { wasmFiles } from './host/wasm-files.ts';
import type { EngineKind, EngineWishes } from './loader.ts';
import { KINDS, MOST_THREADS, loadEngine } from './loader.ts';
import { reference } from '@sinapse/backend-reference';

export type { EngineKind, WasmFiles };

export interface CpuOptions extends EngineWishes {
  /** For tests: memory is filled with NaN (integers: garbage) when it is allocated and when it is released. Default false. */
  readonly poison?: boolean;
}

const CPU: OptionChecks<CpuOptions> = {
  engine: check.oneOf(KINDS),
  instructionSet: check.any,
  threads: check.integer(1, MOST_THREADS),
  wasm: wasmFiles,
  poison: check.flag,
};

/**
 * A backend that runs on the processor, in Node and in browsers. By default it takes the best available engine: the native addon, WebAssembly with
 * threads, WebAssembly, plain TypeScript. `info.engine` names it, and `info.notes` say why no better one. The environment variables SINAPSE_CPU and
 * SINAPSE_THREADS stand in for `engine` and `threads`.
 *
 * If only plain TypeScript is available, a warning says so once, with the reason and the remedy.
 * @throws SinapseError when an option is unknown or out of range
 * @throws BackendError when the requested engine, instruction set or number of threads is not available
 */
export async function cpu(options: CpuOptions = {}): Promise<Backend> {
  checkOptions('cpu', options, CPU);
  const { poison = false } = options;
  const { engine, notes } = await loadEngine(options);
  if (engine === undefined) return reference({ name: 'cpu', notes, poison });
  return new EngineBackend(engine, { notes, poison });
}

// What the loader asks of the place it runs in. node.ts and browser.ts implement it; the package's `imports` choose one.

import type { Addon } from '../engine/native.ts';
import type { StartWorker } from '../engine/wasm.ts';

/** The builds of build/wasm. */
export type WasmVariant = 'relaxed-threads' | 'relaxed' | 'simd128-threads' | 'simd128';

export interface Host {
  /** Value of an environment variable, where there are any. */
  environment(name: string): string | undefined;
  /** Processors that this program may use. */
  readonly processors: number;
  /** The native addon, or why there is none. */
  loadAddon(): Promise<Addon | string>;
  /** The bytes of a module, or why they cannot be had. */
  loadModule(variant: WasmVariant): Promise<Uint8Array<ArrayBuffer> | string>;
  /** How to start a worker, or why there can be none. */
  readonly startWorker: StartWorker | string;
  /** Lets the engine of this place compile what it can but hides. */
  unlockRelaxedSimd(): Promise<void>;
}

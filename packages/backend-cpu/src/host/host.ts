// What the loader needs from its host, Node or a browser. node.ts and browser.ts implement it; the package's `imports` choose one.

import type { Addon } from '../engine/native.ts';
import type { StartWorker } from '../engine/wasm.ts';
import type { WasmFiles, WasmVariant } from './wasm-files.ts';

export interface Host {
  /** The value of an environment variable, if there are any. */
  environment(name: string): string | undefined;
  /** Processors that this program may use. */
  readonly processors: number;
  /** The native addon, or why there is none. */
  loadAddon(): Promise<Addon | string>;
  /** The bytes of a module, or why it cannot be loaded. @param files where to look, if not at the usual place */
  loadModule(variant: WasmVariant, files?: WasmFiles): Promise<Uint8Array<ArrayBuffer> | string>;
  /** What to do when no module is found. */
  readonly remedy: string;
  /** What starts a worker; or the reason why there can be none. @param files where its program is, if not at the usual place */
  workers(files?: WasmFiles): StartWorker | string;
  /** Enables relaxed SIMD if this JavaScript engine can compile it but hides it. */
  unlockRelaxedSimd(): Promise<void>;
}

// Where the files of the WebAssembly engine are. They lie in this package, beside its code; a bundler may move the code and not the files.

import type { Check } from '@sinapse/core';

/** The builds of build/wasm. */
export type WasmVariant = 'relaxed-threads' | 'relaxed' | 'simd128-threads' | 'simd128';

/**
 * Where to find the modules, in place of their usual one: the folder that holds them, or the address of each. Only modules with an address are
 * tried. An address is a URL, in Node also a path.
 */
export type WasmFiles = string | URL | ({ readonly [variant in WasmVariant]?: string | URL } & WorkerFile);

interface WorkerFile {
  /** The program of a worker, bundled from `@sinapse/backend-cpu/worker`; needed for threads if a bundler has moved it. */
  readonly worker?: string | URL;
}

const names: readonly string[] = ['relaxed-threads', 'relaxed', 'simd128-threads', 'simd128', 'worker'];
const isAddress = (value: unknown): boolean => typeof value === 'string' || value instanceof URL;

/** The check of the option. */
export const wasmFiles: Check = {
  expected: `the address of a folder, or addresses by name: ${names.join(', ')}`,
  accepts: (value) =>
    isAddress(value) ||
    (typeof value === 'object' &&
      value !== null &&
      Object.entries(value).every(([name, address]) => names.includes(name) && (address === undefined || isAddress(address)))),
};

/** The address that was given for a module; undefined if there is none. */
export function moduleAt(files: WasmFiles, variant: WasmVariant): string | URL | undefined {
  if (typeof files !== 'string' && !(files instanceof URL)) return files[variant];
  return `${String(files).replace(/\/?$/, '/')}${variant}.wasm`;
}

/** The address that was given for the program of a worker. */
export function workerAt(files: WasmFiles | undefined): string | URL | undefined {
  return files === undefined || typeof files === 'string' || files instanceof URL ? undefined : files.worker;
}

/** Whether bytes begin as a module does. A server may answer any address with a page. */
export function isModule(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d; // \0asm
}

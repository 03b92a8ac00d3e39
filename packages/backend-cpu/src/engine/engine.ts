// An engine runs the C++ kernels: the native addon or a WebAssembly instance. Both give memory by address and kernels by name.

import type { TypedArray } from '@sinapse/core';

export interface Engine {
  /** Build and instruction set, e.g. `native avx2`, `wasm relaxed-simd`. */
  readonly name: string;
  /** The most threads a kernel uses, the caller included. */
  readonly threads: number;
  /** Where a kernel's arguments are written. Fetch it again for every call: it moves when memory grows. */
  readonly arguments: Float64Array;

  /**
   * A kernel of kernels/ by its C++ name. It reads `arguments` and throws an OutOfMemoryError if scratch memory is refused.
   * @throws BackendError when the build, being of another version, has no such kernel
   */
  kernel(name: string): () => void;

  /**
   * A block with undefined contents, aligned to 64 bytes.
   * @throws OutOfMemoryError when there is not enough memory
   */
  allocate(bytes: number): number;
  free(address: number, bytes: number): void;

  /** Copies an array to an address. */
  write(address: number, data: TypedArray): void;
  /** Fills an array from an address. */
  read(address: number, into: TypedArray): void;

  /**
   * Releases memory that is kept for reuse, and returns how many bytes are in use. Called when a kernel's scratch memory is refused, which is then
   * asked for again; set by the owner of that memory.
   */
  giveBack: () => number;

  /** Bytes that kernels hold between calls. */
  workspaceBytes(): number;
  close(): void;
}

/** How many doubles `arguments` has room for. */
export const ARGUMENT_LIMIT = 4096;

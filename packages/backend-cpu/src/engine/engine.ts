// What runs the C++ kernels: the native addon or a WebAssembly instance. Both give memory by address and kernels by name.

import type { TypedArray } from '@sinapse/core';

export interface Engine {
  /** Build and instruction set, e.g. `native avx2`, `wasm relaxed-simd`. */
  readonly name: string;
  /** The most threads a kernel uses, the caller included. */
  readonly threads: number;
  /** Where the arguments of a kernel are written. Fetch it anew for every call: it moves when memory grows. */
  readonly arguments: Float64Array;

  /**
   * A kernel of kernels/ by its C++ name: reads `arguments`, throws an OutOfMemoryError when it is refused scratch memory.
   * @throws BackendError when the build has no such kernel: it is of another version
   */
  kernel(name: string): () => void;

  /**
   * A block with undefined contents, on a boundary of 64 bytes.
   * @throws OutOfMemoryError when there is no such amount of memory
   */
  allocate(bytes: number): number;
  free(address: number, bytes: number): void;

  /** Copies an array to an address. */
  write(address: number, data: TypedArray): void;
  /** Fills an array from an address. */
  read(address: number, into: TypedArray): void;

  /**
   * Lets go of memory that is kept for reuse, and says how many bytes are in use: called where the scratch memory of a kernel cannot be had.
   * Set by whoever keeps any.
   */
  giveBack: () => number;

  /** Bytes that kernels hold between calls. */
  workspaceBytes(): number;
  close(): void;
}

/** How many doubles `arguments` has room for. */
export const ARGUMENT_LIMIT = 4096;

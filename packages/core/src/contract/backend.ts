// The backend interface. A backend stores bytes and runs kernels; it knows nothing of tensors, gradients or layers.

import type { DType, TypedArray } from './dtype.ts';
import type { BackendLostError } from './errors.ts';
import type { Attrs, Inputs, KernelName, KernelTable } from './kernels.ts';
import type { Spec, Storage, View } from './storage.ts';

export interface BackendInfo {
  /** What runs the kernels, e.g. `TypeScript`, `wasm simd128`, `avx512`; recorded in checkpoints. */
  readonly engine: string;
  /** Name of the processor or adapter, where it is known. */
  readonly device?: string;
  readonly threads: number;
  readonly dtypes: DTypesByUse;
  /** Whether kernels take views with an offset. If false, core copies instead of making such views. */
  readonly offsets: boolean;
  /**
   * Whether a kernel has run when its call returns. `immediate`: it has, and `read` answers at once. `waits`: it runs later, and `read` waits
   * for it; training then issues the next steps before it reads a loss.
   */
  readonly reading: 'immediate' | 'waits';
  /** int32 values are exact below this: 2^31 for true integers, 2^24 if they are stored as float32. */
  readonly exactIntegerLimit: number;
  readonly floats: FloatProperties;
  /** Why each better engine was not chosen: one line for each, best engine first. */
  readonly notes: readonly string[];
}

/** What a backend does with each dtype. */
export interface DTypesByUse {
  /** Can be allocated, written, read, moved (slice, concat, gather …), selected and cast: at least float32, int32 and bool. */
  readonly storage: readonly DType[];
  /** Can also be computed with: at least float32 and int32. For any other dtype core throws an error that says to cast. */
  readonly arithmetic: readonly DType[];
}

/** The properties of IEEE 754 float32 that kernels keep. The conformance suite tests those that are true. Kernels that only move values keep every bit. */
export interface FloatProperties {
  /** Undefined operations give NaN, operations on NaN give NaN, and NaN is unequal to everything. */
  readonly nan: boolean;
  /** Overflow gives an infinity, and operations take infinities. */
  readonly infinities: boolean;
  /** Results distinguish 0 from -0. */
  readonly signedZeros: boolean;
  /** Magnitudes below 2^-126 are kept. If false, kernels may read and write them as zero. */
  readonly subnormals: boolean;
  /** argMax, argMin and the gradient of maxPool2d pick the first of equal values, and sort is stable. */
  readonly ties: boolean;
}

/** Every property holds, as on a processor. */
export const IEEE_754: FloatProperties = { nan: true, infinities: true, signedZeros: true, subnormals: true, ties: true };

export interface MemoryInfo {
  /** Bytes of the storages in use (the sum of `Storage.bytes`), without padding. */
  readonly liveBytes: number;
  readonly liveStorages: number;
  /** Bytes of released storages held for reuse, with padding. */
  readonly pooledBytes: number;
  /** Bytes held besides storages: scratch memory of kernels, reserves of a library. */
  readonly workspaceBytes: number;
}

/** What a device needs to know of a kernel call to compile it: no storages, no scalars. */
export interface KernelSignature<K extends KernelName = KernelName> {
  readonly kernel: K;
  readonly inputs: Inputs<K, Spec>;
  readonly attrs: Attrs<K>;
}

/**
 * Stores bytes and runs kernels, in the order in which they are called.
 *
 * - **An output shares a storage only with an input donated to it** (`donates` in the kernel's definition). Core ensures it; kernels may rely
 *   on it.
 * - **Out of memory**: `allocate` or a kernel throws an `OutOfMemoryError` before anything is lost. Live storages keep their values, and the
 *   backend stays usable. The outputs of the kernel that threw have undefined contents.
 * - **A device can be lost.** From then on `allocate`, `write` and kernels throw the `BackendLostError`, pending calls of `read` and
 *   `synchronize` reject with it, and `release`, `memory` and `close` are harmless.
 * - **Late errors**: if a kernel fails after its call has returned, the next `read` or `synchronize` throws the error, which names the kernel.
 */
export interface Backend {
  readonly name: string;
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  /**
   * The version of each kernel that it implements, by name; 1 unless listed. If it differs from core's, a derived kernel is lowered; for a
   * required kernel, `use` refuses the backend.
   */
  readonly versions?: Readonly<Record<string, number>>;
  /** Called before a kernel of the table: true, or the reason why this call is refused; a derived kernel is then lowered. */
  accepts?<K extends KernelName>(kernel: K, inputs: Inputs<K, Spec>, attrs: Attrs<K>): true | string;

  /**
   * A storage for the values of a spec. Its `bytes` are those of the spec, its contents undefined, its version one that no cache has seen.
   * @throws OutOfMemoryError when memory is short even after everything held for reuse was given back
   * @throws BackendLostError after the device was lost
   */
  allocate(spec: Spec): Storage;
  /** Sets all elements of a view. `data` has exactly `view.size` elements of the host type of `view.dtype`; it belongs to the caller. */
  write(view: View, data: TypedArray): void;
  /**
   * The elements at the time of the call, in an array that belongs to the caller. Later writes and releases do not change it.
   * Rejects with a BackendLostError if the device is lost first.
   */
  read(view: View): Promise<TypedArray>;
  /** `read` without waiting. Present only if `info.reading` is `immediate`. */
  readSync?(view: View): TypedArray;
  /** Called once, when nothing refers to the storage. */
  release(storage: Storage): void;

  memory(): MemoryInfo;
  /** Gives back everything the backend holds: threads, contexts, memory. Pending reads resolve or reject first. */
  close(): Promise<void>;

  /** Resolves when the device is lost. Never rejects; stays pending after `close` and on a processor. */
  readonly lost: Promise<BackendLostError>;
  /** Resolves when everything issued before it has run. Rejects with an error of that work, unless an earlier `read` or `synchronize` gave it. */
  synchronize(): Promise<void>;
  /**
   * Compiles what these calls need, so that the first step is as fast as the next. Changes no result; absent if there is nothing to compile.
   * @param onProgress called with the number of calls that are ready, and the number of all
   */
  prepare?(calls: readonly KernelSignature[], onProgress?: (ready: number, of: number) => void): Promise<void>;
  /**
   * Calls `issue`, which calls one kernel, and times that kernel on the device. Resolves with milliseconds, or rejects as a `read` would. Throws
   * what `issue` throws. Calls do not nest. Absent if the device has no timer.
   */
  time?(issue: () => void): Promise<number>;
}

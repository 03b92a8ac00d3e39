// The backend interface: a backend stores bytes and runs kernels, and knows nothing of tensors, gradients or layers.

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
  /** Whether kernels take views with an offset. Where false, core copies instead of making such views. */
  readonly offsets: boolean;
  /**
   * Whether the values exist when a kernel returns. `immediate`: kernels have run, `read` answers at once. `waits`: kernels are issued and run
   * later, and `read` waits for them; training then issues the next steps before it reads a loss.
   */
  readonly reading: 'immediate' | 'waits';
  /** int32 values are exact below this: 2^31 where integers are real, 2^24 where they are carried as float32. */
  readonly exactIntegerLimit: number;
  readonly floats: FloatProperties;
  /** Why nothing better was chosen, one line each, best first. */
  readonly notes: readonly string[];
}

/** What a backend does with each dtype. */
export interface DTypesByUse {
  /** Can be allocated, written, read, moved (slice, concat, gather …), compared with `select` and cast: at least float32, int32 and bool. */
  readonly storage: readonly DType[];
  /** Can be computed with, too: at least float32 and int32. Core refuses to compute with any other dtype, and says to cast. */
  readonly arithmetic: readonly DType[];
}

/** Which properties of IEEE 754 float32 kernels keep. The conformance suite asks for what is true here; kernels that only move values keep every bit. */
export interface FloatProperties {
  /** Operations without a value give NaN, NaN in gives NaN out, and it compares as unequal to everything. */
  readonly nan: boolean;
  /** What is too large becomes infinite, and infinities are computed with. */
  readonly infinities: boolean;
  /** 0 and -0 are told apart in results. */
  readonly signedZeros: boolean;
  /** Magnitudes below 2^-126 are kept. Where false, kernels may take them, and give them, as zero. */
  readonly subnormals: boolean;
  /** Of equal values argMax, argMin and the gradient of maxPool2d pick the first, and sort is stable. */
  readonly ties: boolean;
}

/** All of them: what processors do. */
export const IEEE_754: FloatProperties = { nan: true, infinities: true, signedZeros: true, subnormals: true, ties: true };

export interface MemoryInfo {
  /** Bytes asked for (`Storage.bytes`) of storages that are allocated and not released; what padding adds is not in it. */
  readonly liveBytes: number;
  readonly liveStorages: number;
  /** Bytes held for reuse beyond the live ones, padding included. */
  readonly pooledBytes: number;
  /** Bytes held besides storages: scratch memory of kernels, reserves that a library keeps for itself. */
  readonly workspaceBytes: number;
}

/** A kernel call as far as a device needs to know it to compile: no storages, no scalars. */
export interface KernelSignature<K extends KernelName = KernelName> {
  readonly kernel: K;
  readonly inputs: Inputs<K, Spec>;
  readonly attrs: Attrs<K>;
}

/**
 * Stores bytes and runs kernels, in the order in which they are called.
 *
 * - **No output shares a storage with an input unless it was donated** (`donates` in the kernel's definition): kernels may rely on it, and core
 *   keeps to it.
 * - **Out of memory** is an `OutOfMemoryError`, thrown by `allocate` or a kernel before anything is lost: what is live keeps its values, and
 *   everything can go on, with less. An output of the kernel that threw has undefined contents.
 * - **A device can be lost.** From then on `allocate`, `write` and kernels throw the `BackendLostError`, reads and `synchronize` that wait
 *   reject with it, and `release`, `memory` and `close` are harmless.
 * - An error that a kernel meets only when it runs, after its call has returned, is thrown by the next `read` or `synchronize`, and names the kernel.
 */
export interface Backend {
  readonly name: string;
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  /**
   * Which version of a kernel it implements, by name; 1 unless said. A derived kernel of another version than core's is lowered; a backend with such
   * a required kernel is refused by `use`.
   */
  readonly versions?: Readonly<Record<string, number>>;
  /** Asked before a kernel of the table is called: true, or the reason why this case is refused. A derived kernel is lowered then. */
  accepts?<K extends KernelName>(kernel: K, inputs: Inputs<K, Spec>, attrs: Attrs<K>): true | string;

  /**
   * A storage for the values of a spec; its `bytes` are those of the spec, its contents are undefined, its version is one that no cache has seen.
   * @throws OutOfMemoryError when there is no memory for it, also after what is kept for reuse was given back
   * @throws BackendLostError after the loss
   */
  allocate(spec: Spec): Storage;
  /** Sets all elements of a view. `data` has exactly `view.size` elements of the host type of `view.dtype`, and stays the caller's. */
  write(view: View, data: TypedArray): void;
  /**
   * The elements at the time of the call, in an array that is the caller's, whatever is written or released before it resolves.
   * Rejects with a BackendLostError when the device is lost first, never stays pending.
   */
  read(view: View): Promise<TypedArray>;
  /** The same without waiting. Only where `info.reading` is `immediate`. */
  readSync?(view: View): TypedArray;
  /** Called once, when nothing refers to the storage any more. */
  release(storage: Storage): void;

  memory(): MemoryInfo;
  /** Gives back everything the backend holds: threads, contexts, memory. Reads that wait are answered first, or reject. */
  close(): Promise<void>;

  /** Resolves, and never rejects, when the device is gone; after `close` and on a processor, never. */
  readonly lost: Promise<BackendLostError>;
  /** Resolves when everything issued before it has run; rejects with an error of it that no `read` or `synchronize` has given yet. */
  synchronize(): Promise<void>;
  /**
   * Compiles what calls will need, so that the first step is as fast as the next. Changes no result; absent where there is nothing to compile.
   * @param onProgress called with how many calls are ready, of how many
   */
  prepare?(calls: readonly KernelSignature[], onProgress?: (ready: number, of: number) => void): Promise<void>;
  /**
   * Runs `issue`, which calls one kernel, at once, and times it on the device: resolves with the milliseconds the device spent on it, or rejects
   * as a `read` would. Never nested. What `issue` throws is thrown at once. Absent where the device has no timer.
   */
  time?(issue: () => void): Promise<number>;
}

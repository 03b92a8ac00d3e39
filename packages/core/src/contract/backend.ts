// The backend interface: a backend stores bytes and runs kernels, and knows nothing of tensors, gradients or layers.

import type { DType, TypedArray } from './dtype.ts';
import type { Attrs, Inputs, KernelName, KernelTable } from './kernels.ts';
import type { Spec, Storage, View } from './storage.ts';

export interface BackendInfo {
  /** What runs the kernels, e.g. `TypeScript`, `wasm simd128`, `avx512`; recorded in checkpoints. */
  readonly engine: string;
  /** Name of the processor or adapter, where it is known. */
  readonly device?: string;
  readonly threads: number;
  readonly dtypes: readonly DType[];
  /** Whether kernels take views with an offset. Where false, core copies instead of making such views. */
  readonly offsets: boolean;
  /** int32 values are exact below this: 2^31 where integers are real, 2^24 where they are carried as float32. */
  readonly exactIntegerLimit: number;
  /** Why nothing better was chosen, one line each, best first. */
  readonly notes: readonly string[];
}

export interface MemoryInfo {
  /** Bytes in storages that are allocated and not released. */
  readonly liveBytes: number;
  readonly liveStorages: number;
  /** Bytes held for reuse beyond the live ones. */
  readonly pooledBytes: number;
  /** Bytes held besides storages: scratch memory of kernels, reserves that a library keeps for itself. */
  readonly workspaceBytes: number;
}

export interface Backend {
  readonly name: string;
  /** The `KERNEL_TABLE_VERSION` it was written for. */
  readonly tableVersion: number;
  readonly info: BackendInfo;
  readonly kernels: KernelTable;

  /** Asked before a kernel of the table is called: true, or the reason why this case is refused. A derived kernel is lowered then. */
  accepts?<K extends KernelName>(kernel: K, inputs: Inputs<K, Spec>, attrs: Attrs<K>): true | string;

  /** A storage for the values of a spec; its contents are undefined, its version is one that no cache has seen. */
  allocate(spec: Spec): Storage;

  /** Sets all elements of a view. `data` has exactly `view.size` elements of the host type of `view.dtype`, and stays the caller's. */
  write(view: View, data: TypedArray): void;

  /** The elements at the time of the call, in an array that is the caller's, whatever is written or released before it resolves. */
  read(view: View): Promise<TypedArray>;

  /** The same without waiting, where the backend can. */
  readSync?(view: View): TypedArray;

  /** Called once, when nothing refers to the storage any more. */
  release(storage: Storage): void;

  memory(): MemoryInfo;

  /** Gives back everything the backend holds: threads, contexts, memory. */
  close(): Promise<void>;
}

// Storages and their accounts. A storage is a box: it holds one reference to the data that the last kernel put into it.

import type { DType, MemoryInfo, Spec, View } from '@sinapse/core';
import { BackendError, BYTES, bytesOf, OutOfMemoryError, Storage } from '@sinapse/core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

export class DataStorage extends Storage {
  /** What it holds, in any shape of its size; undefined until the first write. */
  held: TensorInfo | undefined;
  /** False from its release on. */
  live = true;
}

/** tfjs's dtype for each of ours; uint8 values are int32 there. */
const DTYPES: Readonly<Partial<Record<DType, DataType>>> = { float32: 'float32', int32: 'int32', uint8: 'int32', bool: 'bool' };

export function dtypeOf(dtype: DType): DataType {
  return DTYPES[dtype]!;
}

/** @throws BackendError when the storage was released or belongs to another backend */
export function storageOf(view: View): DataStorage {
  const storage = view.storage as DataStorage;
  if (!storage.live) throw new BackendError('a storage was used after its release, or it belongs to another backend');
  return storage;
}

/** Keeps account of the storages in use. */
export class Accounts {
  private readonly name: string;
  private readonly limit: number;
  private readonly largest: number;
  private liveBytes = 0;
  private liveStorages = 0;
  private closed = false;

  /**
   * @param limit bytes that all storages may take together
   * @param largest elements that one of them may have
   */
  constructor(name: string, limit: number, largest: number) {
    this.name = name;
    this.limit = limit;
    this.largest = largest;
  }

  /** @throws OutOfMemoryError beyond the limits, BackendError after `close` */
  open(spec: Spec): DataStorage {
    if (this.closed) throw new BackendError('the backend is closed');
    const asked = bytesOf(spec);
    const what = `a ${spec.dtype} tensor [${spec.shape.join(',')}] on ${this.name}`;
    if (spec.size > this.largest) throw new OutOfMemoryError(what, { asked, limit: this.largest * BYTES[spec.dtype] });
    if (this.liveBytes + asked > this.limit) throw new OutOfMemoryError(what, { asked, held: this.liveBytes, limit: this.limit });
    this.liveBytes += asked;
    this.liveStorages++;
    return new DataStorage(asked);
  }

  /** @throws BackendError when the storage is not in use */
  settle(storage: DataStorage): void {
    if (!storage.live) throw new BackendError('a storage was released twice, or it belongs to another backend');
    storage.live = false;
    this.liveBytes -= storage.bytes;
    this.liveStorages--;
  }

  close(): void {
    this.closed = true;
  }

  info(): MemoryInfo {
    return { liveBytes: this.liveBytes, liveStorages: this.liveStorages, pooledBytes: 0, workspaceBytes: 0 };
  }
}

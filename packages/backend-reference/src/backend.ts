// The Backend interface over typed arrays.

import type { Backend, BackendInfo, BackendLostError, KernelTable, MemoryInfo, Spec, Storage, TypedArray, View } from '@sinapse/core';
import { BackendError, elementCount, IEEE_754, printsAsBackend } from '@sinapse/core';
import { kernels } from './kernels.ts';
import { Memory, valuesOf, type CpuStorage, type ReferencePrecision } from './storage.ts';

export interface TypeScriptBackendOptions {
  readonly name: string;
  /** Notes on why no faster backend was chosen, for `info.notes`. */
  readonly notes: readonly string[];
  readonly precision: ReferencePrecision;
  readonly poison: boolean;
}

export class TypeScriptBackend implements Backend {
  readonly name: string;
  readonly info: BackendInfo;
  readonly kernels: KernelTable = kernels;
  /** Never resolves: a processor is not lost. */
  readonly lost: Promise<BackendLostError> = new Promise(() => {});
  private readonly pool: Memory;

  constructor({ name, notes, precision, poison }: TypeScriptBackendOptions) {
    this.name = name;
    this.info = {
      engine: precision === 'float64' ? 'TypeScript float64' : 'TypeScript',
      threads: 1,
      dtypes: { storage: ['float32', 'int32', 'uint8', 'bool'], arithmetic: ['float32', 'int32'] },
      offsets: true,
      reading: 'immediate',
      exactIntegerLimit: 2 ** 31,
      floats: IEEE_754,
      notes,
    };
    this.pool = new Memory(precision, poison);
  }

  allocate(spec: Spec): Storage {
    return this.pool.allocate(spec);
  }

  release(storage: Storage): void {
    this.pool.release(storage as CpuStorage);
  }

  write(view: View, data: TypedArray): void {
    const count = elementCount(data);
    if (count !== view.size) throw new BackendError(`write: the view has ${view.size} elements, the data ${count}`);
    valuesOf(view).set(data, view.offset);
  }

  readSync(view: View): TypedArray {
    return valuesOf(view).slice(view.offset, view.offset + view.size);
  }

  read(view: View): Promise<TypedArray> {
    return Promise.resolve(this.readSync(view));
  }

  /** Nothing to wait for: kernels have run when they return. */
  synchronize(): Promise<void> {
    return Promise.resolve();
  }

  memory(): MemoryInfo {
    return this.pool.info();
  }

  close(): Promise<void> {
    this.pool.close();
    return Promise.resolve();
  }
}

printsAsBackend(TypeScriptBackend, 'TypeScriptBackend');

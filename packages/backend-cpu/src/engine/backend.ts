// The Backend interface over an engine.

import type {
  Attrs,
  Backend,
  BackendInfo,
  BackendLostError,
  KernelName,
  KernelTable,
  MemoryInfo,
  Spec,
  Storage,
  TypedArray,
  View,
} from '@sinapse/core';
import { BackendError, elementCount, hostArray, IEEE_754, isHostArray, printsAsBackend } from '@sinapse/core';
import { createKernels } from '../kernels/kernels.ts';
import { acceptsActivation, acceptsStrides } from './arguments.ts';
import type { Engine } from './engine.ts';
import type { Block } from './memory.ts';
import { checkedAddress, Memory } from './memory.ts';

export interface EngineBackendOptions {
  /** Why no better engine was chosen. */
  readonly notes: readonly string[];
  readonly poison: boolean;
}

export class EngineBackend implements Backend {
  readonly name = 'cpu';
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  private readonly engine: Engine;
  /** Never settles: a processor is not lost. */
  readonly lost: Promise<BackendLostError> = new Promise(() => {});
  private readonly pool: Memory;
  private closed = false;

  constructor(engine: Engine, { notes, poison }: EngineBackendOptions) {
    this.engine = engine;
    this.info = {
      engine: engine.name,
      threads: engine.threads,
      dtypes: { storage: ['float32', 'int32', 'uint8', 'bool'], arithmetic: ['float32', 'int32'] },
      offsets: true,
      reading: 'immediate',
      exactIntegerLimit: 2 ** 31,
      floats: IEEE_754,
      notes,
    };
    this.pool = new Memory(engine, poison);
    this.kernels = createKernels(engine, this.pool);
  }

  /** Called for every kernel call: comparing names is faster than looking for an activation among any attributes. */
  accepts<K extends KernelName>(kernel: K, _inputs: unknown, attrs: Attrs<K>): true | string {
    switch (kernel) {
      case 'biasActivation':
      case 'biasActivationGrad':
      case 'linear':
      case 'conv2d':
      case 'batchNorm':
      case 'batchNormGrad':
        return acceptsActivation((attrs as Attrs<'biasActivation'>).activation);
      case 'conv2dInputGrad':
        return acceptsStrides((attrs as Attrs<'conv2dInputGrad'>).strides);
      default:
        return true;
    }
  }

  allocate(spec: Spec): Storage {
    return this.pool.allocate(spec);
  }

  release(storage: Storage): void {
    this.pool.release(storage as Block);
  }

  write(view: View, data: TypedArray): void {
    const count = elementCount(data);
    if (count !== view.size) throw new BackendError(`write: the view has ${view.size} elements, the data ${count}`);
    let own = data;
    if (!isHostArray(view.dtype, data)) (own = hostArray(view.dtype, count)).set(data);
    this.engine.write(checkedAddress(view), own);
  }

  readSync(view: View): TypedArray {
    const address = checkedAddress(view);
    const data = hostArray(view.dtype, view.size);
    this.engine.read(address, data);
    return data;
  }

  read(view: View): Promise<TypedArray> {
    return Promise.resolve(this.readSync(view));
  }

  /** Resolves at once: kernels have run when they return. */
  synchronize(): Promise<void> {
    return Promise.resolve();
  }

  memory(): MemoryInfo {
    return this.pool.info();
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.pool.close();
      this.engine.close();
    }
    return Promise.resolve();
  }
}

printsAsBackend(EngineBackend, 'EngineBackend');

// The backend: storages are data of tfjs, kernels call tfjs's.

import type { Attrs, Backend, BackendInfo, BackendLostError, Inputs, KernelName, KernelTable, MemoryInfo, Spec, Storage, TypedArray, View } from '@sinapse/core'; // prettier-ignore
import { hostArray } from '@sinapse/core';
import type { DataId, KernelBackend } from '@tensorflow/tfjs-core';
import { env, version_core } from '@tensorflow/tfjs-core';
import { Device } from './device.ts';
import type { TfjsKernelBackend } from './kernel-backend.ts';
import { acceptsCall, kernelsOn } from './kernels/table.ts';
import { Loss } from './loss.ts';
import type { Profile } from './profile.ts';
import type { DataStorage } from './storage.ts';
import { Accounts, storageOf } from './storage.ts';

export class TfjsBackend implements Backend {
  readonly name: string;
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  readonly lost: Promise<BackendLostError>;
  readonly readSync?: (view: View) => TypedArray;
  private readonly backend: KernelBackend;
  private readonly profile: Profile;
  private readonly loss: Loss;
  private readonly device: Device;
  private readonly accounts: Accounts;
  private readonly onClose: () => void;

  constructor(given: TfjsKernelBackend, profile: Profile, memoryLimit: number, onClose: () => void) {
    const backend = given as unknown as KernelBackend;
    this.backend = backend;
    this.profile = profile;
    this.onClose = onClose;
    this.name = `tfjs-${profile.kernels}`;
    this.loss = new Loss(backend);
    this.lost = this.loss.lost;
    this.device = new Device(this.name, backend, profile, this.loss);
    this.kernels = kernelsOn(this.device);
    this.accounts = new Accounts(this.name, memoryLimit, largestOf(profile));
    if (profile.reading === 'immediate') this.readSync = (view) => this.copyOf(view, (id) => backend.readSync(id));
    this.info = {
      engine: `tfjs ${version_core} ${profile.kernels}`,
      threads: 1,
      dtypes: { storage: ['float32', 'int32', 'uint8', 'bool'], arithmetic: ['float32', 'int32'] },
      offsets: false,
      reading: profile.reading,
      exactIntegerLimit: profile.exactIntegerLimit,
      floats: profile.floats,
      notes: [],
    };
  }

  accepts<K extends KernelName>(kernel: K, inputs: Inputs<K, Spec>, attrs: Attrs<K>): true | string {
    return acceptsCall(this.profile, kernel, inputs, attrs);
  }

  allocate(spec: Spec): Storage {
    this.loss.check();
    return this.accounts.open(spec);
  }

  release(storage: Storage): void {
    this.accounts.settle(storage as DataStorage);
    this.device.drop(storage as DataStorage);
  }

  write(view: View, data: TypedArray): void {
    this.loss.check();
    this.device.write(view, data.slice());
  }

  async read(view: View): Promise<TypedArray> {
    this.loss.check();
    const { held } = storageOf(view);
    if (view.size === 0 || held === undefined) return hostArray(view.dtype, view.size);
    const values = await this.loss.before(this.backend.read(held.dataId));
    return copied(view, values as TypedArray);
  }

  memory(): MemoryInfo {
    return this.accounts.info();
  }

  async close(): Promise<void> {
    this.accounts.close();
    await this.loss.close();
    this.onClose();
  }

  /** tfjs runs kernels in order: what comes last has waited for all others. */
  async synchronize(): Promise<void> {
    this.loss.check();
    await this.loss.before(this.device.finished());
  }

  private copyOf(view: View, read: (id: DataId) => unknown): TypedArray {
    const { held } = storageOf(view);
    return held === undefined ? hostArray(view.dtype, view.size) : copied(view, read(held.dataId) as TypedArray);
  }
}

/** Values in an array of their own: tfjs gives out the one that it keeps. */
function copied({ dtype, size }: Spec, values: TypedArray): TypedArray {
  const copy = hostArray(dtype, size);
  copy.set(values);
  return copy;
}

/** The most elements of a tensor. On WebGL each takes a texel of a texture; elsewhere indices are 32-bit integers. */
function largestOf({ kernels }: Profile): number {
  return kernels === 'webgl' ? env().getNumber('WEBGL_MAX_TEXTURE_SIZE') ** 2 : 2 ** 31 - 1;
}

// The backend: storages are buffers of 32-bit words, kernels are passes.

import type { Backend, BackendInfo, KernelTable, MemoryInfo, Spec, Storage, TypedArray, View } from '@sinapse/core';
import { BackendLostError, hostArray, IEEE_754 } from '@sinapse/core';
import { shaderKernels } from '@sinapse/shaders';
import { MAP_READ, USAGE } from './flags.ts';
import type { Buffer } from './memory.ts';
import { Memory } from './memory.ts';
import { Runner } from './runner.ts';

export class WebGpuBackend implements Backend {
  readonly name = 'webgpu';
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  readonly lost: Promise<BackendLostError>;
  private readonly device: GPUDevice;
  private readonly runner: Runner;
  private readonly storages: Memory;
  private closed = false;

  constructor(device: GPUDevice, adapter: GPUAdapterInfo) {
    this.device = device;
    this.runner = new Runner(device);
    this.storages = new Memory(device, () => this.runner.submit());
    this.runner.memory = this.storages;
    this.kernels = shaderKernels(this.runner) as KernelTable;
    this.info = {
      engine: 'WebGPU',
      device: adapter.description || adapter.vendor,
      threads: 1,
      dtypes: { storage: ['float32', 'int32', 'uint8', 'bool'], arithmetic: ['float32', 'int32'] },
      offsets: true,
      reading: 'waits',
      exactIntegerLimit: 2 ** 31,
      floats: { ...IEEE_754, subnormals: false },
      notes: [],
    };
    this.lost = new Promise((resolve) => {
      void device.lost.then(({ reason, message }) => {
        if (reason !== 'destroyed' || !this.closed) resolve(new BackendLostError(`the device of the backend webgpu is lost: ${message}`));
      });
    });
  }

  allocate(spec: Spec): Storage {
    return this.storages.allocate(spec);
  }

  release(storage: Storage): void {
    this.storages.release(storage as Buffer);
  }

  write(view: View, data: TypedArray): void {
    if (view.size === 0) return;
    const words =
      data instanceof Uint8Array ? Uint32Array.from(data) : new Uint32Array(data.buffer as ArrayBuffer, data.byteOffset, data.length);
    this.runner.write((view.storage as Buffer).buffer, view.offset * 4, words);
  }

  async read(view: View): Promise<TypedArray> {
    const values = hostArray(view.dtype, view.size);
    if (view.size === 0) return values;
    const bytes = view.size * 4;
    const staging = this.device.createBuffer({ size: bytes, usage: USAGE.MAP_READ | USAGE.COPY_DST });
    this.runner.copy((view.storage as Buffer).buffer, view.offset * 4, staging, 0, bytes);
    this.runner.submit();
    await staging.mapAsync(MAP_READ);
    const words = staging.getMappedRange();
    if (values instanceof Uint8Array) values.set(new Uint32Array(words));
    else new Uint32Array(values.buffer).set(new Uint32Array(words));
    staging.destroy();
    return values;
  }

  memory(): MemoryInfo {
    return this.storages.info();
  }

  async synchronize(): Promise<void> {
    this.runner.submit();
    await this.device.queue.onSubmittedWorkDone();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    await this.synchronize();
    this.closed = true;
    this.storages.close();
    this.device.destroy();
  }
}

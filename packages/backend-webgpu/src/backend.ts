// The backend: storages are buffers of 32-bit words, kernels are passes.

import type { Backend, BackendInfo, Kernel, KernelName, KernelTable, MemoryInfo, Spec, Storage, TypedArray, View } from '@sinapse/core';
import { BackendError, BackendLostError, hostArray, IEEE_754, OutOfMemoryError } from '@sinapse/core';
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
  private loss: BackendLostError | undefined;
  /** The first error of a kernel that its call could not throw. */
  private late: Error | undefined;
  private closed = false;

  /** @param memoryLimit bytes that all buffers may take together */
  constructor(device: GPUDevice, adapter: GPUAdapterInfo, memoryLimit: number) {
    this.device = device;
    this.runner = new Runner(device);
    this.storages = new Memory(device, memoryLimit, () => this.runner.submit());
    this.runner.memory = this.storages;
    this.kernels = this.guarded(shaderKernels(this.runner) as KernelTable);
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
    this.lost = this.watchLoss();
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault(); // the console need not have it: the next read throws it
      const { error } = event as unknown as { readonly error: GPUError };
      this.late ??=
        error.constructor.name === 'GPUOutOfMemoryError'
          ? new OutOfMemoryError('the device', { asked: 0 })
          : new BackendError(`webgpu: ${firstLine(error.message)}`);
    });
  }

  allocate(spec: Spec): Storage {
    this.assertUsable();
    return this.storages.allocate(spec);
  }

  release(storage: Storage): void {
    this.storages.release(storage as Buffer);
  }

  write(view: View, data: TypedArray): void {
    this.assertUsable();
    if (view.size === 0) return;
    const words =
      data instanceof Uint8Array ? Uint32Array.from(data) : new Uint32Array(data.buffer as ArrayBuffer, data.byteOffset, data.length);
    this.runner.write((view.storage as Buffer).buffer, view.offset * 4, words);
  }

  async read(view: View): Promise<TypedArray> {
    this.assertUsable();
    const values = hostArray(view.dtype, view.size);
    if (view.size === 0) return values;
    const bytes = view.size * 4;
    const staging = this.device.createBuffer({ size: bytes, usage: USAGE.MAP_READ | USAGE.COPY_DST });
    this.runner.copy((view.storage as Buffer).buffer, view.offset * 4, staging, 0, bytes);
    this.runner.submit();
    await this.orLost(staging.mapAsync(MAP_READ));
    this.throwLate();
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
    if (this.loss !== undefined) throw this.loss;
    this.runner.submit();
    await this.orLost(this.device.queue.onSubmittedWorkDone());
    this.throwLate();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    if (this.loss === undefined) await this.synchronize().catch(() => undefined); // everyone who waits gets an answer first
    this.closed = true;
    this.storages.close();
    this.device.destroy();
  }

  private async watchLoss(): Promise<BackendLostError> {
    const { message } = await this.device.lost;
    if (this.closed) return new Promise(() => undefined); // stays pending
    const why = message === '' ? '' : `: ${firstLine(message)}`;
    this.loss = new BackendLostError(`the device of the backend webgpu is lost${why}; make a new backend and go on from a checkpoint`);
    return this.loss;
  }

  /** What a device does; rejects with the loss if the device is lost first. */
  private async orLost<T>(work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, this.lost.then((loss) => Promise.reject(loss))]);
    } catch (error) {
      if (!this.closed && this.loss === undefined && error instanceof Error && error.name === 'AbortError') throw await this.lost;
      throw error;
    }
  }

  private throwLate(): void {
    const { late } = this;
    this.late = undefined;
    if (late !== undefined) throw late;
  }

  private assertUsable(): void {
    if (this.loss !== undefined) throw this.loss;
    if (this.closed) throw new BackendError('the backend webgpu is closed');
  }

  /** Kernels that refuse to run on a lost device. */
  private guarded(kernels: KernelTable): KernelTable {
    const guard =
      (kernel: Kernel<KernelName>): Kernel<KernelName> =>
      (call) => {
        this.assertUsable();
        kernel(call);
      };
    return Object.fromEntries(
      Object.entries(kernels).map(([kernel, run]) => [kernel, guard(run as Kernel<KernelName>)]),
    ) as unknown as KernelTable;
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.slice(0, 300);
}

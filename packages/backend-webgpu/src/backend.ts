// The backend: storages are buffers of 32-bit words, kernels are passes.

import type {
  Backend,
  BackendInfo,
  Kernel,
  KernelName,
  KernelSignature,
  KernelTable,
  MemoryInfo,
  Spec,
  Storage,
  TypedArray,
  View,
} from '@sinapse/core';
import { BackendError, BackendLostError, hostArray, IEEE_754, OutOfMemoryError } from '@sinapse/core';
import { passesOn, shaderKernels } from '@sinapse/shaders';
import type { Buffer } from './memory.ts';
import { Memory } from './memory.ts';
import { Pipelines } from './pipelines.ts';
import { Runner } from './runner.ts';
import { Staging } from './staging.ts';
import { timerOf } from './timer.ts';

export class WebGpuBackend implements Backend {
  readonly name = 'webgpu';
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  readonly lost: Promise<BackendLostError>;
  readonly time?: (issue: () => void) => Promise<number>;
  private readonly device: GPUDevice;
  private readonly pipelines: Pipelines;
  private readonly runner: Runner;
  private readonly storages: Memory;
  private readonly staging: Staging;
  private loss: BackendLostError | undefined;
  /** The first error of a kernel that its call could not throw. */
  private late: Error | undefined;
  /** Why a kernel does not run here, by name: its shader did not compile. */
  private readonly broken = new Map<string, string>();
  private closed = false;

  /**
   * @param memoryLimit bytes that all buffers may take together
   * @param workgroups whether products of matrices use the memory of workgroups
   */
  constructor(device: GPUDevice, adapter: GPUAdapterInfo, memoryLimit: number, workgroups: boolean) {
    this.device = device;
    this.pipelines = new Pipelines(device, (kernel, error) => {
      this.broken.set(kernel, error.message);
      this.fail(error);
    });
    this.runner = new Runner(device, this.pipelines, workgroups);
    this.staging = new Staging(device);
    this.storages = new Memory(device, memoryLimit, {
      submit: () => this.runner.submit(),
      failed: (error) => this.fail(error),
      workspaceBytes: () => this.runner.bytes + this.staging.bytes,
    });
    this.runner.memory = this.storages;
    this.kernels = this.guarded(shaderKernels(this.runner) as KernelTable);
    const time = timerOf(device, this.runner, this.staging, (work) => this.orLost(work));
    if (time !== undefined)
      this.time = (issue) => {
        this.assertUsable();
        return time(issue);
      };
    this.info = {
      engine: 'WebGPU',
      device: adapter.description || `${adapter.vendor} ${adapter.architecture}`.trim(),
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

  accepts(kernel: string): true | string {
    return this.broken.get(kernel) ?? true;
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
    const buffer = this.staging.take(bytes);
    this.runner.copy((view.storage as Buffer).buffer, view.offset * 4, buffer, 0, bytes);
    this.runner.submit();
    const words = await this.staging.words(buffer, bytes, (work) => this.orLost(work));
    await this.throwLate();
    if (values instanceof Uint8Array) values.set(words);
    else new Uint32Array(values.buffer).set(words);
    return values;
  }

  memory(): MemoryInfo {
    return this.storages.info();
  }

  async synchronize(): Promise<void> {
    if (this.loss !== undefined) throw this.loss;
    this.runner.submit();
    await this.orLost(this.device.queue.onSubmittedWorkDone());
    await this.throwLate();
  }

  async prepare(calls: readonly KernelSignature[], onProgress?: (ready: number, of: number) => void): Promise<void> {
    this.assertUsable();
    const passesOf = passesOn(this.runner);
    const started = calls.map((call) => Promise.all(passesOf(call).map((pass) => this.runner.prepare(pass))));
    for (const [k, passes] of started.entries()) {
      await this.orLost(passes);
      onProgress?.(k + 1, calls.length);
    }
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

  /** Keeps the error that the next read throws. What follows from a failure says less than the failure. */
  private fail(error: Error): void {
    this.late = error;
  }

  private async throwLate(): Promise<void> {
    await this.pipelines.answered();
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
      (name: string, kernel: Kernel<KernelName>): Kernel<KernelName> =>
      (call) => {
        this.assertUsable();
        this.runner.kernel = name;
        kernel(call);
      };
    return Object.fromEntries(
      Object.entries(kernels).map(([name, kernel]) => [name, guard(name, kernel as Kernel<KernelName>)]),
    ) as unknown as KernelTable;
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.slice(0, 300);
}

// The backend: storages are textures, kernels are passes.

import type {
  Backend,
  BackendInfo,
  BackendLostError,
  KernelSignature,
  KernelTable,
  MemoryInfo,
  Spec,
  Storage,
  TypedArray,
  View,
} from '@sinapse/core';
import { BackendError, IEEE_754 } from '@sinapse/core';
import { passesOn, shaderKernels } from '@sinapse/shaders';
import { fence } from './fences.ts';
import { Loss } from './loss.ts';
import type { TextureStorage } from './memory.ts';
import { Memory } from './memory.ts';
import { Programs } from './programs.ts';
import { Runner } from './runner.ts';
import { timerOf } from './timer.ts';
import { Transfers } from './transfers.ts';

export class WebGlBackend implements Backend {
  readonly name = 'webgl';
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  readonly lost: Promise<BackendLostError>;
  readonly time?: (issue: () => void) => Promise<number>;
  private readonly gl: WebGL2RenderingContext;
  private readonly loss: Loss;
  private readonly programs: Programs;
  private readonly runner: Runner;
  private readonly storages: Memory;
  private readonly transfers: Transfers;
  /** Why a kernel does not run here, by name: its shader did not compile. */
  private readonly broken = new Map<string, string>();
  private closed = false;

  constructor(gl: WebGL2RenderingContext, canvas: OffscreenCanvas, memoryLimit: number) {
    this.gl = gl;
    this.loss = new Loss(gl, canvas);
    this.lost = this.loss.lost;
    this.storages = new Memory(gl, memoryLimit);
    this.programs = new Programs(gl);
    this.runner = new Runner(gl, this.storages, this.programs);
    this.transfers = new Transfers(gl, this.runner, this.loss);
    this.kernels = this.guarded(shaderKernels(this.runner));
    const time = timerOf(gl, this.loss);
    if (time !== undefined) this.time = time;
    const device = deviceOf(gl);
    this.info = {
      engine: 'WebGL2',
      ...(device === undefined ? {} : { device }),
      threads: 1,
      dtypes: { storage: ['float32', 'int32', 'uint8', 'bool'], arithmetic: ['float32', 'int32'] },
      offsets: false,
      reading: 'waits',
      exactIntegerLimit: 2 ** 31,
      floats: { ...IEEE_754, subnormals: false },
      notes: [],
    };
  }

  accepts(kernel: string): true | string {
    return this.broken.get(kernel) ?? true;
  }

  allocate(spec: Spec): Storage {
    this.loss.check();
    return this.storages.allocate(spec);
  }

  release(storage: Storage): void {
    this.storages.release(storage as TextureStorage);
  }

  write(view: View, data: TypedArray): void {
    this.loss.check();
    this.transfers.write(view, data);
  }

  read(view: View): Promise<TypedArray> {
    return this.transfers.read(view);
  }

  memory(): MemoryInfo {
    return this.storages.info();
  }

  synchronize(): Promise<void> {
    return fence(this.gl, this.loss);
  }

  async prepare(calls: readonly KernelSignature[], onProgress?: (ready: number, of: number) => void): Promise<void> {
    this.loss.check();
    const passesOf = passesOn(this.runner);
    const keys = calls.map((call) => passesOf(call).map((pass) => this.runner.begin(pass)));
    for (const [k, list] of keys.entries()) {
      await this.programs.ready(list, this.loss);
      onProgress?.(k + 1, calls.length);
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.loss.current() === undefined) await fence(this.gl, this.loss).catch(() => undefined); // lost meanwhile: nothing to wait for
    this.storages.close();
    this.loss.close();
  }

  /** Kernels that throw after the context was lost, and are refused once their shader did not compile. */
  private guarded(kernels: Partial<KernelTable>): KernelTable {
    const guard = ([name, kernel]: [string, unknown]): [string, unknown] => [
      name,
      (call: unknown) => {
        this.loss.check();
        try {
          (kernel as (call: unknown) => void)(call);
        } catch (error) {
          if (error instanceof BackendError && /does not compile/.test(error.message)) this.broken.set(name, error.message);
          throw error;
        }
      },
    ];
    return Object.fromEntries(Object.entries(kernels).map(guard)) as unknown as KernelTable;
  }
}

/** The name of the graphics processor, where the browser tells it. */
function deviceOf(gl: WebGL2RenderingContext): string | undefined {
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  return (gl.getParameter(extension === null ? gl.RENDERER : extension.UNMASKED_RENDERER_WEBGL) as string | null) ?? undefined;
}

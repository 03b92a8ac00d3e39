// The backend: storages are textures, kernels are passes.

import type { Backend, BackendInfo, KernelTable, MemoryInfo, Spec, Storage, TypedArray, View } from '@sinapse/core';
import { BackendLostError, hostArray, IEEE_754 } from '@sinapse/core';
import { shaderKernels } from '@sinapse/shaders';
import type { TextureStorage } from './memory.ts';
import { Memory } from './memory.ts';
import { Runner, storageOf } from './runner.ts';

export class WebGlBackend implements Backend {
  readonly name = 'webgl';
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  readonly lost: Promise<BackendLostError>;
  private readonly gl: WebGL2RenderingContext;
  private readonly runner: Runner;
  private readonly storages: Memory;
  private loss: BackendLostError | undefined;
  private closed = false;

  constructor(gl: WebGL2RenderingContext, canvas: OffscreenCanvas, memoryLimit: number) {
    this.gl = gl;
    this.storages = new Memory(gl, memoryLimit);
    this.runner = new Runner(gl, this.storages);
    this.kernels = shaderKernels(this.runner) as KernelTable;
    this.info = {
      engine: 'WebGL2',
      threads: 1,
      dtypes: { storage: ['float32', 'int32', 'uint8', 'bool'], arithmetic: ['float32', 'int32'] },
      offsets: false,
      reading: 'waits',
      exactIntegerLimit: 2 ** 31,
      floats: { ...IEEE_754, subnormals: false },
      notes: [],
    };
    this.lost = new Promise((resolve) => {
      canvas.addEventListener('webglcontextlost', () => {
        if (this.closed || this.loss !== undefined) return;
        this.loss = new BackendLostError('the WebGL context is lost; make a new backend and go on from a checkpoint');
        resolve(this.loss);
      });
    });
  }

  allocate(spec: Spec): Storage {
    if (this.loss !== undefined) throw this.loss;
    return this.storages.allocate(spec);
  }

  release(storage: Storage): void {
    this.storages.release(storage as TextureStorage);
  }

  write(view: View, data: TypedArray): void {
    const { gl } = this;
    if (view.size === 0) return;
    const words = new Uint32Array(Math.ceil(view.size / 4) * 4);
    words.set(data instanceof Uint8Array ? data : new Uint32Array(data.buffer, data.byteOffset, data.length));
    gl.bindTexture(gl.TEXTURE_2D, storageOf(view).texture);
    for (const { x, y, columns, rows } of this.rectangles(words.length / 4)) {
      const from = (y * this.storages.width + x) * 4;
      gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words, from);
    }
  }

  async read(view: View): Promise<TypedArray> {
    const { gl } = this;
    const values = hostArray(view.dtype, view.size);
    if (view.size === 0) return values;
    const words = new Uint32Array(Math.ceil(view.size / 4) * 4);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, words.byteLength, gl.STREAM_READ);
    this.runner.target([storageOf(view)], view.size);
    gl.readBuffer(gl.COLOR_ATTACHMENT0);
    for (const { x, y, columns, rows } of this.rectangles(words.length / 4))
      gl.readPixels(x, y, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, (y * this.storages.width + x) * 16);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await this.finished();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, words);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    if (values instanceof Uint8Array) values.set(words.subarray(0, view.size));
    else new Uint32Array(values.buffer).set(words.subarray(0, view.size));
    return values;
  }

  memory(): MemoryInfo {
    return this.storages.info();
  }

  synchronize(): Promise<void> {
    return this.finished();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    if (this.loss === undefined) await this.finished();
    this.closed = true;
    this.storages.close();
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  /** The rectangles of a texture that hold so many texels: whole rows, then a part of one. */
  private rectangles(texels: number): { x: number; y: number; columns: number; rows: number }[] {
    const { width } = this.storages;
    const rows = Math.floor(texels / width);
    const rest = texels % width;
    return [...(rows > 0 ? [{ x: 0, y: 0, columns: width, rows }] : []), ...(rest > 0 ? [{ x: 0, y: rows, columns: rest, rows: 1 }] : [])];
  }

  /** Resolves when everything issued has run; rejects when the context is lost first. */
  private async finished(): Promise<void> {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    while (fence !== null && this.loss === undefined && !gl.isContextLost()) {
      const state = gl.clientWaitSync(fence, 0, 0);
      if (state === gl.ALREADY_SIGNALED || state === gl.CONDITION_SATISFIED) return gl.deleteSync(fence);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    throw this.loss ?? new BackendLostError('the WebGL context is lost; make a new backend and go on from a checkpoint');
  }
}

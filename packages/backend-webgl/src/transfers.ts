// Moves values between arrays and textures.

import type { TypedArray, View } from '@sinapse/core';
import { hostArray } from '@sinapse/core';
import { fence } from './fences.ts';
import { rectanglesOf } from './layout.ts';
import type { Loss } from './loss.ts';
import type { Runner } from './runner.ts';
import { storageOf } from './runner.ts';

export class Transfers {
  private readonly gl: WebGL2RenderingContext;
  private readonly runner: Runner;
  private readonly loss: Loss;

  constructor(gl: WebGL2RenderingContext, runner: Runner, loss: Loss) {
    this.gl = gl;
    this.runner = runner;
    this.loss = loss;
  }

  write(view: View, data: TypedArray): void {
    const { gl } = this;
    if (view.size === 0) return;
    const words = new Uint32Array(Math.ceil(view.size / 4) * 4);
    words.set(data instanceof Uint8Array ? data : new Uint32Array(data.buffer, data.byteOffset, data.length));
    const { texture, width } = storageOf(view);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const { y, columns, rows, first } of rectanglesOf(words.length / 4, width))
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, y, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words, first * 4);
  }

  /** @throws BackendLostError when the context is lost first */
  async read(view: View): Promise<TypedArray> {
    const { gl } = this;
    const values = hostArray(view.dtype, view.size);
    if (view.size === 0) return values;
    this.loss.check();
    const words = new Uint32Array(Math.ceil(view.size / 4) * 4);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, words.byteLength, gl.STREAM_READ);
    const storage = storageOf(view);
    this.runner.target([storage], view.size);
    gl.readBuffer(gl.COLOR_ATTACHMENT0);
    for (const { y, columns, rows, first } of rectanglesOf(words.length / 4, storage.width))
      gl.readPixels(0, y, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, first * 16);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await fence(gl, this.loss);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, words);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    this.loss.check(); // the words would be zeros
    if (values instanceof Uint8Array) values.set(words.subarray(0, view.size));
    else new Uint32Array(values.buffer).set(words.subarray(0, view.size));
    return values;
  }
}

// Moves values between arrays and textures.

import type { TypedArray, View } from '@sinapse/core';
import { hostArray } from '@sinapse/core';
import { fence } from './fences.ts';
import type { Loss } from './loss.ts';
import type { Runner } from './runner.ts';
import { storageOf } from './runner.ts';

/** Part of a texture. */
interface Rectangle {
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

export class Transfers {
  private readonly gl: WebGL2RenderingContext;
  private readonly width: number;
  private readonly runner: Runner;
  private readonly loss: Loss;

  /** @param width texels of a row of a texture */
  constructor(gl: WebGL2RenderingContext, width: number, runner: Runner, loss: Loss) {
    this.gl = gl;
    this.width = width;
    this.runner = runner;
    this.loss = loss;
  }

  write(view: View, data: TypedArray): void {
    const { gl } = this;
    if (view.size === 0) return;
    const words = new Uint32Array(Math.ceil(view.size / 4) * 4);
    words.set(data instanceof Uint8Array ? data : new Uint32Array(data.buffer, data.byteOffset, data.length));
    gl.bindTexture(gl.TEXTURE_2D, storageOf(view).texture);
    for (const { y, columns, rows } of this.rectangles(words.length / 4))
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, y, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words, y * this.width * 4);
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
    this.runner.target([storageOf(view)], view.size);
    gl.readBuffer(gl.COLOR_ATTACHMENT0);
    for (const { y, columns, rows } of this.rectangles(words.length / 4))
      gl.readPixels(0, y, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, y * this.width * 16);
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

  /** The rectangles of a texture that hold so many texels: whole rows, then a part of one. */
  private rectangles(texels: number): Rectangle[] {
    const rows = Math.floor(texels / this.width);
    const whole: Rectangle = { y: 0, columns: this.width, rows };
    const rest: Rectangle = { y: rows, columns: texels % this.width, rows: 1 };
    return [...(rows > 0 ? [whole] : []), ...(rest.columns > 0 ? [rest] : [])];
  }
}

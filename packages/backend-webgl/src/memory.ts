// Storages are textures of 32-bit words, four to a texel, so that no bit changes on the way. They are pooled by size.

import type { Spec } from '@sinapse/core';
import { NO_SHELF, OutOfMemoryError, Pool, PooledStorage } from '@sinapse/core';

export class TextureStorage extends PooledStorage {
  /** A pass that reads and writes one storage exchanges it for another. */
  texture: WebGLTexture;

  constructor(texture: WebGLTexture, capacity: number, shelf: number) {
    super(capacity, shelf);
    this.texture = texture;
  }
}

/** Bytes of a texel. */
const TEXEL = 16;

/** Shelf s holds textures of 2^s texels; larger ones have the exact number of rows and are not kept for reuse. */
const LARGEST = 22;

export class Memory extends Pool<TextureStorage> {
  /** Texels of a row of the textures that have more than one: a power of two. */
  readonly width: number;
  private readonly gl: WebGL2RenderingContext;
  private readonly limit: number;
  private held = 0;

  /** @param limit bytes that all textures may take together */
  constructor(gl: WebGL2RenderingContext, limit: number) {
    super(LARGEST + 1);
    this.gl = gl;
    this.limit = limit;
    this.width = 2 ** Math.floor(Math.log2(gl.getParameter(gl.MAX_TEXTURE_SIZE) as number));
  }

  allocate(spec: Spec): TextureStorage {
    const texels = Math.max(1, Math.ceil(spec.size / 4));
    return this.lend(spec, texels <= 2 ** LARGEST ? 32 - Math.clz32(texels - 1) : NO_SHELF);
  }

  protected create(spec: Spec, shelf: number): TextureStorage {
    const { gl, width } = this;
    const texels = shelf === NO_SHELF ? Math.ceil(spec.size / 4) : 2 ** shelf;
    const rows = Math.ceil(texels / width);
    const columns = Math.min(texels, width);
    const asked = columns * rows * TEXEL;
    if (rows > width) throw new OutOfMemoryError('a storage', { asked, limit: width * width * TEXEL });
    return this.claim('a storage', asked, () => {
      if (this.held + asked > this.limit) throw new OutOfMemoryError('a storage', { asked, held: this.held, limit: this.limit });
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32UI, columns, rows);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      this.held += asked;
      return new TextureStorage(texture, asked, shelf);
    });
  }

  protected discard({ texture, capacity }: TextureStorage): void {
    this.gl.deleteTexture(texture);
    this.held -= capacity;
  }

  protected workspaceBytes(): number {
    return 0;
  }
}

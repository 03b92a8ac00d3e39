// Storages are textures of 32-bit words, four to a texel, so that no bit changes on the way. They are pooled by size.

import type { Spec } from '@sinapse/core';
import { NO_SHELF, OutOfMemoryError, Pool, PooledStorage, specOf } from '@sinapse/core';
import { WIDEST, widthOf } from './layout.ts';

export class TextureStorage extends PooledStorage {
  /** A pass that reads and writes one storage exchanges it for another. */
  texture: WebGLTexture;
  /** Columns of the texture as its texels are numbered; it has fewer if it has a single row. */
  readonly width: number;

  constructor(texture: WebGLTexture, width: number, capacity: number, shelf: number) {
    super(capacity, shelf);
    this.texture = texture;
    this.width = width;
  }
}

/** Bytes of a texel. */
const TEXEL = 16;

/** Shelf s holds textures of 2^s texels; larger ones have the exact number of rows and are not kept for reuse. */
const LARGEST = 22;

export class Memory extends Pool<TextureStorage> {
  private readonly gl: WebGL2RenderingContext;
  private readonly side: number;
  private readonly limit: number;
  private held = 0;

  /** @param limit bytes that all textures may take together */
  constructor(gl: WebGL2RenderingContext, limit: number) {
    super(LARGEST + 1);
    this.gl = gl;
    this.limit = limit;
    this.side = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number; // at least 2048
  }

  allocate(spec: Spec): TextureStorage {
    const texels = Math.max(1, Math.ceil(spec.size / 4));
    return this.lend(spec, texels <= 2 ** LARGEST ? 32 - Math.clz32(texels - 1) : NO_SHELF);
  }

  /** A storage with a texture of the same size. */
  alike(storage: TextureStorage): TextureStorage {
    return this.allocate(specOf('float32', [storage.capacity / 4]));
  }

  protected create(spec: Spec, shelf: number): TextureStorage {
    const { gl, side } = this;
    const texels = shelf === NO_SHELF ? Math.ceil(spec.size / 4) : 2 ** shelf;
    const width = widthOf(texels);
    const rows = Math.ceil(texels / width);
    const columns = Math.min(texels, width);
    const asked = columns * rows * TEXEL;
    const what = `a ${spec.dtype} tensor [${spec.shape.join(',')}] on webgl`;
    if (rows > side) throw new OutOfMemoryError(what, { asked, limit: WIDEST * side * TEXEL });
    return this.claim(what, asked, () => {
      if (this.held + asked > this.limit) throw new OutOfMemoryError(what, { asked, held: this.held, limit: this.limit });
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32UI, columns, rows);
      if (gl.getError() === gl.OUT_OF_MEMORY) {
        gl.deleteTexture(texture);
        throw new OutOfMemoryError(what, { asked, held: this.held });
      }
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      this.held += asked;
      return new TextureStorage(texture, width, asked, shelf);
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

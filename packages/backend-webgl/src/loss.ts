// The loss of a context: the browser takes it away, or `close` gives it up.

import { BackendLostError } from '@sinapse/core';

export class Loss {
  /** Resolves when the browser takes the context away. */
  readonly lost: Promise<BackendLostError>;
  private readonly gl: WebGL2RenderingContext;
  private resolve!: (error: BackendLostError) => void;
  private error: BackendLostError | undefined;
  private closed = false;

  constructor(gl: WebGL2RenderingContext, canvas: OffscreenCanvas) {
    this.gl = gl;
    this.lost = new Promise((resolve) => (this.resolve = resolve));
    canvas.addEventListener('webglcontextlost', () => void this.current());
  }

  /** The error after the context was lost. The browser says so before it sends its event. */
  current(): BackendLostError | undefined {
    if (this.error === undefined && !this.closed && this.gl.isContextLost()) {
      this.error = new BackendLostError(
        'webgl: the browser took the WebGL context away (the graphics driver was reset, memory ran out, or other pages needed it); make a new backend and go on from a checkpoint',
      );
      this.resolve(this.error);
    }
    return this.error;
  }

  /** @throws BackendLostError after the context was lost */
  check(): void {
    const error = this.current();
    if (error !== undefined) throw error;
  }

  /** Gives the context up: what happens to it later is no loss. */
  close(): void {
    this.closed = true;
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

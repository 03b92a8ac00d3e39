// The loss of a WebGL context under tfjs, which does not notice: its reads then wait for ever.

import { BackendLostError } from '@sinapse/core';
import type { KernelBackend } from '@tensorflow/tfjs-core';

/** The context of tfjs's WebGL backend, as far as it is watched. */
interface Context {
  isContextLost(): boolean;
  readonly canvas: EventTarget;
}

export class Loss {
  /** Resolves when the context is lost; other backends are never lost. */
  readonly lost: Promise<BackendLostError>;
  private readonly context: Context | undefined;
  private resolve!: (error: BackendLostError) => void;
  private error: BackendLostError | undefined;
  private readonly pending = new Set<Promise<unknown>>();
  private closed = false;

  constructor(backend: KernelBackend) {
    this.lost = new Promise((resolve) => (this.resolve = resolve));
    this.context = (backend as { readonly gpgpu?: { readonly gl: Context } }).gpgpu?.gl;
    this.context?.canvas.addEventListener('webglcontextlost', () => void this.current());
  }

  /** The error after the context was lost. The browser says so before it sends its event. */
  current(): BackendLostError | undefined {
    if (this.error === undefined && !this.closed && this.context?.isContextLost() === true) {
      this.error = new BackendLostError(
        'tfjs-webgl: the browser took the WebGL context away (the graphics driver was reset, memory ran out, or other pages needed it); make a new backend and go on from a checkpoint',
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

  /**
   * The result of a promise.
   * @throws BackendLostError when the context is lost before the promise settles, or just as it does
   */
  async before<T>(promise: Promise<T>): Promise<T> {
    const race = Promise.race([promise, this.lost]);
    this.pending.add(race);
    try {
      const first = await race;
      if (first instanceof BackendLostError) throw first;
      this.check(); // what was read of a lost context are zeros
      return first;
    } finally {
      this.pending.delete(race);
    }
  }

  /** Waits for what is pending. What happens to the context afterwards is no loss. */
  async close(): Promise<void> {
    await Promise.allSettled(this.pending);
    this.closed = true;
  }
}

// The public surface of @sinapse/backend-tfjs/webgl. tfjs itself is loaded when a backend is made.

import type { Backend, OptionChecks } from '@sinapse/core';
import { BackendError, check, checkOptions } from '@sinapse/core';

export interface TfjsWebGlOptions {
  /** Bytes that all tensors may take together. Default: no limit of our own. */
  readonly memoryLimit?: number;
}

const OPTIONS: OptionChecks<TfjsWebGlOptions> = { memoryLimit: check.positive };

/**
 * A backend over a new MathBackendWebGL of tfjs, with a WebGL2 context of its own that `close` gives up. It also takes a software rasteriser,
 * which tfjs by itself refuses.
 * @throws SinapseError for unknown options, BackendError where `whyNot` has a reason
 */
export async function tfjsWebgl(options: TfjsWebGlOptions = {}): Promise<Backend> {
  checkOptions('tfjsWebgl', options, OPTIONS);
  const made = context();
  if (typeof made === 'string') throw new BackendError(`tfjsWebgl: ${made}`);
  const { backendOn } = await import('./backend-on.ts');
  return backendOn(made, options.memoryLimit ?? Infinity, () => lose(made));
}

/** Why `tfjsWebgl()` makes no backend here, and what to do; undefined where it does. Does not load tfjs. */
export async function whyNot(): Promise<string | undefined> {
  const made = context();
  if (typeof made === 'string') return made;
  lose(made);
  return undefined;
}

/** A context as tfjs sets it up, or the reason why there is none. */
function context(): WebGL2RenderingContext | string {
  if (typeof OffscreenCanvas === 'undefined')
    return 'WebGL2 on an OffscreenCanvas is found only in browsers, since 2023 in all; use the backend cpu';
  const settings = { alpha: false, antialias: false, premultipliedAlpha: false, depth: false, stencil: false };
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', settings);
  if (gl === null) return 'this browser gives no WebGL2 context; turn on graphics acceleration in its settings, or use the backend cpu';
  if (gl.getExtension('EXT_color_buffer_float') === null) {
    lose(gl);
    return 'this device gives tfjs floats of 16 bits, and Sinapse needs 32; use the backend webgl or cpu';
  }
  gl.enable(gl.SCISSOR_TEST);
  gl.enable(gl.CULL_FACE);
  gl.cullFace(gl.BACK);
  return gl;
}

function lose(gl: WebGL2RenderingContext): void {
  gl.getExtension('WEBGL_lose_context')?.loseContext();
}

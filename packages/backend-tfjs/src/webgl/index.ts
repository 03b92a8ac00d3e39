// The public surface of @sinapse/backend-tfjs/webgl.

import type { Backend, OptionChecks } from '@sinapse/core';
import { BackendError, check, checkOptions } from '@sinapse/core';
import { GPGPUContext, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { env } from '@tensorflow/tfjs-core';
import { TfjsBackend } from '../backend.ts';
import { profileOf } from '../profile.ts';

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
  const gl = context();
  if (typeof gl === 'string') throw new BackendError(`tfjsWebgl: ${gl}`);
  setFlags();
  if (!env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
    lose(gl);
    throw new BackendError(`tfjsWebgl: ${HALF}`);
  }
  const backend = new MathBackendWebGL(new GPGPUContext(gl));
  return new TfjsBackend(backend, profileOf(backend)!, options.memoryLimit ?? Infinity, () => {
    backend.dispose();
    lose(gl);
  });
}

const HALF = 'this device gives tfjs floats of 16 bits, and Sinapse needs 32; use the backend webgl or cpu';

/** Why `tfjsWebgl()` makes no backend here, and what to do; undefined where it does. */
export async function whyNot(): Promise<string | undefined> {
  const gl = context();
  if (typeof gl === 'string') return gl;
  lose(gl);
  setFlags();
  return env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? undefined : HALF;
}

/** Software rasterisers are welcome, and no kernel runs on the processor now and then: its results would have other bits. */
function setFlags(): void {
  env().set('SOFTWARE_WEBGL_ENABLED', true);
  env().set('WEBGL_CPU_FORWARD', false);
}

/** A context as tfjs sets it up, or the reason why there is none. */
function context(): WebGL2RenderingContext | string {
  if (typeof OffscreenCanvas === 'undefined')
    return 'WebGL2 on an OffscreenCanvas is found only in browsers, since 2023 in all; use the backend cpu';
  const settings = { alpha: false, antialias: false, premultipliedAlpha: false, depth: false, stencil: false };
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', settings);
  if (gl === null) return 'this browser gives no WebGL2 context; turn on graphics acceleration in its settings, or use the backend cpu';
  gl.enable(gl.SCISSOR_TEST);
  gl.enable(gl.CULL_FACE);
  gl.cullFace(gl.BACK);
  return gl;
}

function lose(gl: WebGL2RenderingContext): void {
  gl.getExtension('WEBGL_lose_context')?.loseContext();
}

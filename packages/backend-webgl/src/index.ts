// The public surface of @sinapse/backend-webgl.

import type { Backend } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import { WebGlBackend } from './backend.ts';

export interface WebGlOptions {
  /** Bytes that all textures may take together, a positive number. Default 1 GiB. */
  readonly memoryLimit?: number;
}

/**
 * A backend on WebGL2, on a page or in a worker.
 * @throws BackendError when this browser gives no WebGL2 context, or the limit is none
 */
export async function webgl({ memoryLimit = 2 ** 30 }: WebGlOptions = {}): Promise<Backend> {
  if (!(memoryLimit > 0)) throw new BackendError(`webgl: memoryLimit must be a positive number of bytes, got ${String(memoryLimit)}`);
  const made = context();
  if (typeof made === 'string') throw new BackendError(`webgl: ${made}`);
  return new WebGlBackend(made.gl, made.canvas, memoryLimit);
}

/** Why `webgl()` makes no backend here, and what to do; undefined where it does. */
export async function whyNot(): Promise<string | undefined> {
  const made = context();
  if (typeof made === 'string') return made;
  made.gl.getExtension('WEBGL_lose_context')?.loseContext();
  return undefined;
}

/** A context and its canvas, or the reason why there is none. */
function context(): { readonly gl: WebGL2RenderingContext; readonly canvas: OffscreenCanvas } | string {
  if (typeof OffscreenCanvas === 'undefined')
    return 'WebGL2 on an OffscreenCanvas is found only in browsers, since 2023 in all; use the backend cpu';
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, powerPreference: 'high-performance' });
  if (gl === null) return 'this browser gives no WebGL2 context; turn on graphics acceleration in its settings, or use the backend cpu';
  return { gl, canvas };
}

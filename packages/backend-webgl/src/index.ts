// The public surface of @sinapse/backend-webgl.

import type { Backend } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import { WebGlBackend } from './backend.ts';

export interface WebGlOptions {
  /** Bytes that all textures may take together. Default 1 GiB. */
  readonly memoryLimit?: number;
}

/**
 * A backend on WebGL2, on a page or in a worker.
 * @throws BackendError when the browser has no WebGL2
 */
export async function webgl({ memoryLimit = 2 ** 30 }: WebGlOptions = {}): Promise<Backend> {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, powerPreference: 'high-performance' });
  if (gl === null) throw new BackendError('webgl: this browser gives no WebGL2 context');
  return new WebGlBackend(gl, canvas, memoryLimit);
}

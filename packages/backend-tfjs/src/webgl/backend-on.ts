// Makes tfjs's WebGL backend on a context.

import type { Backend } from '@sinapse/core';
import { GPGPUContext, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { env } from '@tensorflow/tfjs-core';
import { TfjsBackend } from '../backend.ts';
import { profileOf } from '../profile.ts';

/** @param onClose called after tfjs has given up what it holds in the context */
export function backendOn(gl: WebGL2RenderingContext, memoryLimit: number, onClose: () => void): Backend {
  env().set('SOFTWARE_WEBGL_ENABLED', true);
  // Otherwise small tensors are now and then computed by the processor, with other bits.
  env().set('WEBGL_CPU_FORWARD', false);
  const backend = new MathBackendWebGL(new GPGPUContext(gl));
  return new TfjsBackend(backend, profileOf(backend)!, memoryLimit, () => {
    backend.dispose();
    onClose();
  });
}

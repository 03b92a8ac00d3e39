// The public surface of @sinapse/backend-tfjs.

import type { Backend, OptionChecks } from '@sinapse/core';
import { BackendError, check, checkOptions, shown } from '@sinapse/core';
import { TfjsBackend } from './backend.ts';
import type { TfjsKernelBackend } from './kernel-backend.ts';
import { profileOf } from './profile.ts';

export type { TfjsKernelBackend } from './kernel-backend.ts';
export type { NodeGpuOptions } from './node-gpu.ts';
export { nodeGpu, whyNotNodeGpu } from './node-gpu.ts';

export interface TfjsOptions {
  /** The name under which tfjs registers the kernels of this backend, as `webgl`. Default: recognised by what the backend can do. */
  readonly kernels?: string;
  /** Bytes that all tensors may take together. Default: no limit of our own. */
  readonly memoryLimit?: number;
}

const OPTIONS: OptionChecks<TfjsOptions> = {
  kernels: { expected: "the name of a backend of tfjs, as 'webgl'", accepts: (name) => typeof name === 'string' && name !== '' },
  memoryLimit: check.positive,
};

/** The methods of a backend of tfjs that are called here. */
const METHODS = ['write', 'read', 'readSync', 'disposeData', 'incRef'] as const;

/**
 * A backend over one of TensorFlow.js's: `tfjs(new MathBackendWebGL())`, `tfjs(tf.backend())`. It takes float32, int32, uint8 and bool; `info`
 * says what its floats and integers keep. tfjs's engine need not run. `close` gives back what Sinapse holds; the backend of tfjs stays its
 * maker's.
 * @param backend an object that implements tfjs's KernelBackend, and whose kernels are registered
 * @throws SinapseError for unknown options; BackendError for what is no such object, is disposed of, or lacks kernels or 32-bit floats
 */
export function tfjs(backend: TfjsKernelBackend, options: TfjsOptions = {}): Backend {
  checkOptions('tfjs', options, OPTIONS);
  checkBackend(backend);
  const { kernels, memoryLimit = Infinity } = options;
  const profile = profileOf(backend, kernels);
  if (profile === undefined)
    throw new BackendError("tfjs: this backend is an unknown one; name its kernels: tfjs(backend, { kernels: 'webgpu' })");
  return new TfjsBackend(backend, profile, memoryLimit, () => {});
}

function checkBackend(backend: unknown): asserts backend is TfjsKernelBackend {
  const takes = 'tfjs: takes a backend of tfjs, as new MathBackendWebGL() or tf.backend()';
  if (typeof backend !== 'object' || backend === null || 'then' in backend) throw new BackendError(`${takes}, got ${shown(backend)}`);
  const lacks = METHODS.find((name) => typeof (backend as Readonly<Record<string, unknown>>)[name] !== 'function');
  if (lacks !== undefined) throw new BackendError(`${takes}; this object has no method ${lacks}`);
  if ('disposed' in backend && backend.disposed === true) throw new BackendError('tfjs: the backend is disposed of; make a new one');
  if ((backend as TfjsKernelBackend).floatPrecision() < 32)
    throw new BackendError('tfjs: this device gives tfjs floats of 16 bits, and Sinapse needs 32; use the backend webgl or cpu');
}

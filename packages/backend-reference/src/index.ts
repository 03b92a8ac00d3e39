// The reference backend: the required kernels in plain TypeScript, written to be read and to be right. Derived kernels run as their lowerings.
// The tests of all other backends compare results with it.

import type { Backend } from '@sinapse/core';
import { TypeScriptBackend } from './backend.ts';
import type { ReferencePrecision } from './storage.ts';

export { erf, erfc } from './erf.ts';
export type { ReferencePrecision };

export interface ReferenceOptions {
  /**
   * `float64`, for tests only: float32 tensors are kept as float64, `write` converts and reads give a Float64Array. Then differences can
   * check gradients, and float32 results can be compared with these. Default `float32`.
   */
  readonly precision?: ReferencePrecision;
  /** For tests: memory is filled with NaN (integers: garbage) when it is made and when it is released. Default false. */
  readonly poison?: boolean;
  /** The backend's name when it stands in for a faster one, and in `notes` the reasons, one line each. Default `reference`, no notes. */
  readonly name?: string;
  readonly notes?: readonly string[];
}

export function reference(options: ReferenceOptions = {}): Backend {
  const { precision = 'float32', poison = false, name = 'reference' } = options;
  const notes = options.notes ?? (precision === 'float64' ? ['float32 tensors are kept as float64, for tests'] : []);
  return new TypeScriptBackend({ name, notes, precision, poison });
}

// Counts of the tensors and bytes held now.

import type { Backend, MemoryInfo } from '../contract/backend.ts';
import { checkIsBackend } from '../contract/check-backend.ts';
import { activeBackend } from '../dispatch/active-backend.ts';
import { live } from './handle.ts';

export interface Memory {
  /** Live handles, on all backends. */
  readonly tensors: number;
  /** Live storages; views and aliases share one. */
  readonly storages: number;
  /** Bytes of the values in them. */
  readonly bytes: number;
  /** Bytes of tensors made outside every scope, which only the garbage collector will release. */
  readonly unscopedBytes: number;
  /** The backend's own counts. */
  readonly backend: MemoryInfo;
}

/** Counts of live tensors and bytes, and what the backend (the one in use unless given) holds. */
export function memory(backend: Backend = activeBackend()): Memory {
  checkIsBackend('memory', backend);
  return { ...live, backend: backend.memory() };
}

// What is held at this moment.

import type { Backend, MemoryInfo } from '../contract/backend.ts';
import { activeBackend } from '../dispatch/active-backend.ts';
import { live } from './handle.ts';

export interface Memory {
  /** Handles alive, on all backends. */
  readonly tensors: number;
  /** Storages alive; views and aliases share one. */
  readonly storages: number;
  /** Bytes of their values. */
  readonly bytes: number;
  /** Bytes that only the garbage collector will release: made outside every scope. */
  readonly unscopedBytes: number;
  /** What the backend itself counts. */
  readonly backend: MemoryInfo;
}

/** Counts of live tensors and bytes, and what the backend (the one in use unless given) holds. */
export function memory(backend: Backend = activeBackend()): Memory {
  return { ...live, backend: backend.memory() };
}

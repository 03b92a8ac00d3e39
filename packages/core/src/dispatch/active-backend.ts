// The backend that new tensors are made on. `use` chooses it; importing a backend's package does not.

import type { Backend, BackendInfo } from '../contract/backend.ts';
import { BackendError } from '../contract/errors.ts';
import { checkIsBackend } from '../contract/check-backend.ts';
import { shown } from '../contract/shown.ts';
import { requiredDefinitions } from '../ops/required-kernels.ts';
import { otherVersion } from './definition.ts';
import { synchronously } from '../contract/synchronous.ts';

let active: Backend | undefined;

/**
 * Chooses the backend that new tensors are made on: `use(await cpu())`.
 * @throws BackendError when it has another version of a required kernel
 */
export function use(backend: Backend): Backend {
  check('use', backend);
  active = backend;
  return backend;
}

/**
 * The backend in use.
 * @throws BackendError when none was chosen
 */
export function activeBackend(): Backend {
  if (active === undefined)
    throw new BackendError("no backend is in use; write: import { cpu } from '@sinapse/backend-cpu'; use(await cpu());");
  return active;
}

/**
 * What runs the kernels of a backend (the one in use unless given): its name, engine and instruction set, threads, and in `notes` why no better
 * engine was chosen.
 * @throws BackendError when none is given and none is in use, or when the value is not a backend, e.g. a promise of one
 */
export function backendInfo(backend: Backend = activeBackend()): BackendInfo & { readonly name: string } {
  check('backendInfo', backend);
  return { name: backend.name, ...backend.info };
}

/** Runs a synchronous callback with another backend in use. */
export function withBackend<T>(backend: Backend, callback: () => T): T {
  check('withBackend', backend);
  const before = active;
  active = backend;
  try {
    return synchronously('withBackend', callback);
  } finally {
    active = before;
  }
}

/** @throws BackendError unless the value is a backend with the required kernels in their current versions */
function check(who: string, backend: Backend): void {
  checkIsBackend(who, backend);
  for (const definition of requiredDefinitions) {
    const other = otherVersion(backend, definition);
    if (other === undefined) continue;
    throw new BackendError(`${who}: ${backend.name}: ${other}, and it is a required kernel; update the older of the two`);
  }
}

/**
 * Tries each function in turn and returns the first backend made: `use(await firstAvailable([webgl, cpu]))`.
 * @throws BackendError with all reasons when none can be made
 */
export async function firstAvailable(candidates: readonly (() => Backend | Promise<Backend>)[]): Promise<Backend> {
  if (!Array.isArray(candidates))
    throw new BackendError(`firstAvailable: takes a list of functions that make backends, got ${shown(candidates)}`);
  const reasons: string[] = [];
  for (const create of candidates) {
    try {
      return await create();
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new BackendError(`firstAvailable: no backend is available: ${reasons.join('; ') || 'none was given'}`);
}

// What the host does in the middle of a step, for the kernels that follow: a recording does it again at each replay.

import type { Backend } from '../contract/backend.ts';
import type { View } from '../contract/storage.ts';
import { requireSynchronous } from '../contract/synchronous.ts';

/** What the host writes in the middle of a step. */
export interface HostWrite {
  readonly backend: Backend;
  readonly view: View;
}

/** Sees what the host does in the middle of a step, and what it writes. It calls `action` once. */
export type HostInterceptor = (action: () => void, write: HostWrite | undefined) => void;

let active: HostInterceptor | undefined;

/** Runs a synchronous callback with an interceptor around every host step; those already active stay outside of it. */
export function interceptHost<T>(inner: HostInterceptor, callback: () => T): T {
  const outer = active;
  active = outer === undefined ? inner : (action, write) => outer(() => inner(action, write), write);
  try {
    return requireSynchronous('interceptHost', callback());
  } finally {
    active = outer;
  }
}

/**
 * Does something on the host that the step's kernels rely on: sets cells for the step, uploads values. A recording does it again at each replay.
 * @param write the view that it writes on a backend, if any
 */
export function hostStep(action: () => void, write?: HostWrite): void {
  if (active === undefined) action();
  else active(action, write);
}

export function isHostIntercepted(): boolean {
  return active !== undefined;
}

/** Runs a kernel past the interceptors of host steps: its replay writes again what it writes. */
export function uninterceptedHost(kernel: () => void): void {
  const before = active;
  active = undefined;
  try {
    kernel();
  } finally {
    active = before;
  }
}

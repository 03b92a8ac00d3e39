// Host steps: what the host does within a training step for the kernels that follow. A recording repeats them at each replay.

import type { Backend } from '../contract/backend.ts';
import type { View } from '../contract/storage.ts';
import { callable } from '../contract/checks.ts';
import { checkValue } from '../contract/options.ts';
import { synchronously } from '../contract/synchronous.ts';

/** A view that a host step writes. */
export interface HostWrite {
  readonly backend: Backend;
  readonly view: View;
}

/** Sees every host step and the view it writes, if any. It calls `action` once. */
export type HostInterceptor = (action: () => void, write: HostWrite | undefined) => void;

let active: HostInterceptor | undefined;

/** Runs a synchronous callback with an interceptor around every host step, inside those already active. */
export function interceptHost<T>(inner: HostInterceptor, callback: () => T): T {
  checkValue('interceptHost', inner, callable, 'interceptor');
  const outer = active;
  active = outer === undefined ? inner : (action, write) => outer(() => inner(action, write), write);
  try {
    return synchronously('interceptHost', callback);
  } finally {
    active = outer;
  }
}

/**
 * Runs an action of the host that the step's kernels rely on (sets cells, uploads values). A recording repeats it at each replay.
 * @param write the view that the action writes, if any
 */
export function hostStep(action: () => void, write?: HostWrite): void {
  checkValue('hostStep', action, callable, 'action');
  if (active === undefined) action();
  else active(action, write);
}

export function isHostIntercepted(): boolean {
  return active !== undefined;
}

/** Runs a kernel without interceptors of host steps: replaying the kernel repeats what it writes. */
export function uninterceptedHost(kernel: () => void): void {
  const before = active;
  active = undefined;
  try {
    kernel();
  } finally {
    active = before;
  }
}

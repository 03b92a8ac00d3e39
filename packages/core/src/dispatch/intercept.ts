// Interceptors wrap every kernel call, for profiling, recording, checking or tracing. They nest.

import type { Backend } from '../contract/backend.ts';
import { BackendError } from '../contract/errors.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { callable } from '../contract/checks.ts';
import { checkValue } from '../contract/options.ts';
import { synchronously } from '../contract/synchronous.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { KernelDefinition } from './definition.ts';
import { uninterceptedHost } from './host-step.ts';

/** One kernel call as an interceptor sees it. */
export interface DispatchedCall<K extends KernelName = KernelName> {
  readonly definition: KernelDefinition<K, Tensor>;
  readonly backend: Backend;
  readonly in: Inputs<K, Tensor>;
  readonly attrs: Attrs<K>;
  /** As the caller gave them; cells among them may change later. */
  readonly scalars: Scalars<K, Scalar>;
  /** Whether the backend's kernel runs it, or its lowering, whose calls are intercepted as well. */
  readonly how: 'native' | 'lowered';
  /** Why it is lowered, if it is. */
  readonly reason: string | undefined;
  /** Whether the kernel or the lowering has run; false if an interceptor replaced the call. */
  readonly ran: boolean;
  /** The outputs, once `run` has returned (an input that was donated then holds an output), or an interceptor has set them instead. */
  out: Outputs<K, Tensor> | undefined;
}

/** Sees every kernel call made while it is active. It calls `run` once, or replaces the call: it sets `call.out` to tensors of its own. */
export type Interceptor = (call: DispatchedCall, run: () => void) => void;

let active: Interceptor | undefined;
/** The parts of `active`: those that replace calls see a call before those that watch what runs. */
let [replacing, watching]: (Interceptor | undefined)[] = [];

/** Runs a synchronous callback with an interceptor around every kernel call, inside those already active. */
export function intercept<T>(inner: Interceptor, callback: () => T): T {
  checkValue('intercept', inner, callable, 'interceptor');
  return withInterceptors(replacing, nested(watching, inner), () => synchronously('intercept', callback));
}

/** `intercept` for one that replaces calls by others. Profiles, recordings and checks, also those around it, see only the calls that it makes. */
export function interceptFirst<T>(inner: Interceptor, callback: () => T): T {
  return withInterceptors(nested(replacing, inner), watching, callback);
}

function nested(outer: Interceptor | undefined, inner: Interceptor | undefined): Interceptor | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return (call, run) => outer(call, () => inner(call, run));
}

function withInterceptors<T>(first: Interceptor | undefined, then: Interceptor | undefined, callback: () => T): T {
  const before = [active, replacing, watching] as const;
  [active, replacing, watching] = [nested(first, then), first, then];
  try {
    return callback();
  } finally {
    [active, replacing, watching] = before;
  }
}

/** Runs a callback with this interceptor alone: tracing makes calls that others must not see. */
export function interceptAlone<T>(only: Interceptor, callback: () => T): T {
  return withInterceptors(undefined, only, callback);
}

export function isIntercepted(): boolean {
  return active !== undefined;
}

/** Passes a call to the interceptors. */
export function runIntercepted(call: DispatchedCall, run: () => void): void {
  active!(call, run);
  if (call.out === undefined) throw new BackendError(`${call.definition.name}: an interceptor neither ran the call nor gave its outputs`);
}

/** Runs a kernel without interceptors, so that they see neither ops that it calls nor host steps that it makes. */
export function unintercepted(kernel: () => void): void {
  withInterceptors(undefined, undefined, () => uninterceptedHost(kernel));
}

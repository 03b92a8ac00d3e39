// Interceptors: what may stand around every kernel call (profiling, recording, checking, tracing), one inside the other.

import type { Backend } from '../contract/backend.ts';
import { BackendError } from '../contract/errors.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { requireSynchronous } from '../contract/synchronous.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { KernelDefinition } from './definition.ts';
import { uninterceptedHost } from './host-step.ts';

/** One kernel call as an interceptor sees it. */
export interface DispatchedCall<K extends KernelName = KernelName> {
  readonly definition: KernelDefinition<K, Tensor>;
  readonly backend: Backend;
  readonly in: Inputs<K, Tensor>;
  readonly attrs: Attrs<K>;
  /** As they were given: cells among them hold other numbers later. */
  readonly scalars: Scalars<K, Scalar>;
  /** Run by the backend's kernel, or by its lowering (whose own calls come in between). */
  readonly how: 'native' | 'lowered';
  /** Why it was lowered. */
  readonly reason: string | undefined;
  /** Whether the kernel or the lowering has run: not where an interceptor took the call's place. */
  readonly ran: boolean;
  /** Filled when `run` returns (an input that was donated then holds an output), or by an interceptor that takes the call's place. */
  out: Outputs<K, Tensor> | undefined;
}

/** Sees every kernel call made while it is active. It calls `run` once, or never and sets `call.out` to tensors that it made in another way. */
export type Interceptor = (call: DispatchedCall, run: () => void) => void;

let active: Interceptor | undefined;

/** Runs a synchronous callback with an interceptor around every kernel call; those already active stay outside of it. */
export function intercept<T>(inner: Interceptor, callback: () => T): T {
  const outer = active;
  active = outer === undefined ? inner : (call, run) => outer(call, () => inner(call, run));
  try {
    return requireSynchronous('intercept', callback());
  } finally {
    active = outer;
  }
}

/** Runs a callback with one interceptor around every kernel call, and no other: those calls only find out what is to be run. */
export function interceptAlone<T>(only: Interceptor, callback: () => T): T {
  const outer = active;
  active = only;
  try {
    return callback();
  } finally {
    active = outer;
  }
}

export function isIntercepted(): boolean {
  return active !== undefined;
}

/** Lets the interceptors have a call. */
export function runIntercepted(call: DispatchedCall, run: () => void): void {
  active!(call, run);
  if (call.out === undefined) throw new BackendError(`${call.definition.name}: an interceptor neither ran the call nor gave its outputs`);
}

/** Runs a kernel past the interceptors: ops that it is made of, and what it writes for them, are its own business. */
export function unintercepted(kernel: () => void): void {
  const before = active;
  active = undefined;
  try {
    uninterceptedHost(kernel);
  } finally {
    active = before;
  }
}

// Ready-made interceptors of the dispatch funnel: profiling, recording, checking, poisoning. Each is small, and they compose.

import type { DispatchedCall } from './dispatch.ts';
import { intercept } from './dispatch.ts';
import { isFloat } from '../contract/dtype.ts';
import { BackendError } from '../contract/errors.ts';
import type { KernelName } from '../contract/kernels.ts';
import { bytesOf } from '../contract/storage.ts';
import type { Spec } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Present in browsers and Node alike; core is compiled without the types of either. */
declare const performance: { now(): number };

/** What one kind of call added up to. */
export interface ProfileEntry {
  readonly kernel: KernelName;
  readonly how: 'native' | 'lowered';
  /** Why it was lowered. */
  readonly reason: string | undefined;
  calls: number;
  /** Including the calls that a lowering makes. */
  milliseconds: number;
  /** Bytes of inputs and outputs. */
  bytes: number;
  /** Multiply-accumulate operations, for kernels that are measured by them; those of a lowering stand at the kernels it calls. */
  macs: number;
}

/** Runs a synchronous callback and adds up every kernel call made in it, by kernel and how it ran. */
export function profile<T>(callback: () => T): { readonly result: T; readonly entries: ProfileEntry[] } {
  const entries = new Map<string, ProfileEntry>();
  const result = intercept((call, run) => {
    const { definition, how, reason } = call;
    const begin = performance.now();
    run();
    const milliseconds = performance.now() - begin;
    const id = `${definition.name} ${how} ${reason ?? ''}`;
    let entry = entries.get(id);
    if (entry === undefined)
      entries.set(id, (entry = { kernel: definition.name, how, reason, calls: 0, milliseconds: 0, bytes: 0, macs: 0 }));
    entry.calls++;
    entry.milliseconds += milliseconds;
    for (const spec of [...tensorsOf(call.inputs), ...tensorsOf(call.outputs)]) entry.bytes += bytesOf(spec);
    if (how === 'native') entry.macs += macsOf(call);
  }, callback);
  return { result, entries: [...entries.values()] };
}

/** Multiply-accumulate operations of a call that has run. */
export function macsOf({ definition, inputs, outputs, attrs }: DispatchedCall): number {
  const macs = definition.macs as ((inputs: unknown, outputs: unknown, attrs: unknown) => number) | undefined;
  return macs?.(inputs, outputs, attrs) ?? 0;
}

/** A kernel call as it was made, with the specs of what went in and out. */
export interface RecordedCall {
  readonly kernel: KernelName;
  readonly how: 'native' | 'lowered';
  readonly inputs: readonly Spec[];
  readonly outputs: readonly Spec[];
  readonly attrs: unknown;
  readonly scalars: unknown;
}

/** Runs a synchronous callback and lists every kernel call made in it, in the order in which they ended. */
export function record<T>(callback: () => T): { readonly result: T; readonly calls: RecordedCall[] } {
  const calls: RecordedCall[] = [];
  const bare = ({ dtype, shape, size }: Spec): Spec => ({ dtype, shape, size });
  const result = intercept((call, run) => {
    run();
    const { definition, how, attrs, scalars } = call;
    calls.push({
      kernel: definition.name,
      how,
      inputs: tensorsOf(call.inputs).map(bare),
      outputs: tensorsOf(call.outputs).map(bare),
      attrs,
      scalars,
    });
  }, callback);
  return { result, calls };
}

/**
 * Runs a synchronous callback and stops at the first kernel that makes a NaN out of inputs without one. Slow; needs a backend that reads synchronously.
 * @throws BackendError that names the kernel
 */
export function checkNumerics<T>(callback: () => T): T {
  return intercept((call, run) => {
    // A kernel that writes in place shows in its inputs what it made of them.
    const given = call.definition.donates !== undefined && tensorsOf(call.inputs).some(hasNaN);
    run();
    if (given || !tensorsOf(call.outputs).some(hasNaN)) return;
    if (call.definition.donates === undefined && tensorsOf(call.inputs).some(hasNaN)) return;
    const shapes = tensorsOf(call.inputs).map((input) => `[${input.shape.join(',')}]`);
    throw new BackendError(
      `${call.definition.name}: NaN from inputs that have none (shapes ${shapes.join(', ')}, attributes ${JSON.stringify(call.attrs)})`,
    );
  }, callback);
}

function hasNaN(tensor: Tensor): boolean {
  if (!isFloat(tensor.dtype) || tensor.disposed) return false;
  return tensor.dataSync().some((value) => value !== value);
}

function tensorsOf(slots: unknown): Tensor[] {
  return Object.values((slots ?? {}) as Record<string, Tensor | readonly Tensor[] | undefined>).flatMap((value) => value ?? []);
}

// Ready-made interceptors of the dispatch funnel: profiling and checking. Each is small, and they compose.

import type { DispatchedCall } from './intercept.ts';
import { intercept } from './intercept.ts';
import type { Backend } from '../contract/backend.ts';
import { isFloat } from '../contract/dtype.ts';
import { BackendError } from '../contract/errors.ts';
import type { KernelName } from '../contract/kernels.ts';
import { bytesOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Present in browsers and Node alike; core is compiled without the types of either. */
declare const performance: { now(): number };

/** What one kind of call added up to. */
export interface ProfileEntry {
  readonly kernel: KernelName;
  readonly how: 'native' | 'lowered';
  /** Why it was lowered. */
  readonly reason: string | undefined;
  /**
   * What was timed. `kernels`: the calls, which return when the kernel has run. `device`: the kernels on the device, by its own timer.
   * `issuing`: what the host took to issue them; the device runs them later, and has no timer.
   */
  readonly timed: 'kernels' | 'device' | 'issuing';
  calls: number;
  /** Including the calls that a lowering makes. */
  milliseconds: number;
  /** Bytes of inputs and outputs. */
  bytes: number;
  /** Multiply-accumulate operations, for kernels that are measured by them; those of a lowering stand at the kernels it calls. */
  macs: number;
}

export interface Profile<T> {
  readonly result: T;
  readonly entries: ProfileEntry[];
  /** Resolves when every entry has its milliseconds: those that a device timed come later. Rejects when the device could not say. */
  readonly complete: Promise<void>;
}

/** Runs a synchronous callback and adds up every kernel call made in it, by kernel and how it ran; a lowering stands before what it calls. */
export function profile<T>(callback: () => T): Profile<T> {
  const entries = new Map<string, ProfileEntry>();
  const awaited: Promise<void>[] = [];
  /** The lowered calls that a device is timing the kernels of, outermost first. */
  const around: ProfileEntry[] = [];
  const result = intercept((call, run) => {
    const entry = entryOf(entries, call);
    if (call.backend.time === undefined) {
      const begin = performance.now();
      run();
      entry.milliseconds += performance.now() - begin;
    } else if (call.how === 'lowered') {
      around.push(entry);
      try {
        run();
      } finally {
        around.pop();
      }
    } else {
      const timed = [entry, ...around];
      const measured = timeOnce(call.backend, run).then((milliseconds) => {
        for (const each of timed) each.milliseconds += milliseconds;
      });
      measured.catch(() => {}); // the promise that is given to the caller says it
      awaited.push(measured);
    }
    entry.calls++;
    for (const spec of [...tensorsOf(call.in), ...tensorsOf(call.out)]) entry.bytes += bytesOf(spec);
    if (call.how === 'native') entry.macs += macsOf(call);
  }, callback);
  const complete = Promise.all(awaited).then(() => undefined);
  complete.catch(() => {}); // a caller that does not ask for the times does not hear that there are none
  return { result, entries: [...entries.values()], complete };
}

/** What a profile around this one is measuring: a device times a call once, whoever wants to know. */
let measuring: Promise<number> | undefined;

/** Of a backend that has a timer. */
function timeOnce(backend: Backend, run: () => void): Promise<number> {
  if (measuring !== undefined) {
    run();
    return measuring;
  }
  let settle: (measured: Promise<number>) => void;
  measuring = new Promise((resolve) => (settle = resolve));
  const mine = measuring;
  try {
    settle!(backend.time!(run));
  } finally {
    measuring = undefined;
  }
  return mine;
}

function entryOf(entries: Map<string, ProfileEntry>, { definition, how, reason, backend }: DispatchedCall): ProfileEntry {
  const timed = backend.time !== undefined ? 'device' : backend.info.reading === 'immediate' ? 'kernels' : 'issuing';
  const id = `${definition.name} ${how} ${timed} ${reason ?? ''}`;
  let entry = entries.get(id);
  if (entry === undefined)
    entries.set(id, (entry = { kernel: definition.name, how, reason, timed, calls: 0, milliseconds: 0, bytes: 0, macs: 0 }));
  return entry;
}

/** Multiply-accumulate operations of a call that has run. */
export function macsOf({ definition, in: inputs, out: outputs, attrs }: DispatchedCall): number {
  const macs = definition.macs as ((inputs: unknown, outputs: unknown, attrs: unknown) => number) | undefined;
  return macs?.(inputs, outputs, attrs) ?? 0;
}

/**
 * Runs a synchronous callback and stops at the first kernel that makes a NaN out of inputs without one. Slow; needs a backend that reads synchronously.
 * @throws BackendError that names the kernel
 */
export function checkNumerics<T>(callback: () => T): T {
  return intercept((call, run) => {
    // A kernel that writes in place shows in its inputs what it made of them.
    const given = call.definition.donates !== undefined && tensorsOf(call.in).some(hasNaN);
    run();
    if (given || !tensorsOf(call.out).some(hasNaN)) return;
    if (call.definition.donates === undefined && tensorsOf(call.in).some(hasNaN)) return;
    const shapes = tensorsOf(call.in).map((input) => `[${input.shape.join(',')}]`);
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

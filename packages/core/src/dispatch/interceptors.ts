// Two interceptors: `profile` and `checkNumerics`. They may be nested.

import type { DispatchedCall } from './intercept.ts';
import { intercept } from './intercept.ts';
import type { Backend } from '../contract/backend.ts';
import { isFloat } from '../contract/dtype.ts';
import { BackendError } from '../contract/errors.ts';
import type { KernelName } from '../contract/kernels.ts';
import { callable } from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { checkCallback } from '../contract/synchronous.ts';
import { bytesOf } from '../contract/storage.ts';
import type { CallGroup } from '../autodiff/recording.ts';
import { callGroup, grouped } from '../autodiff/recording.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Browsers and Node have it, but core is compiled without the types of either. */
declare const performance: { now(): number };

/** The totals of one kind of call. */
export interface ProfileEntry {
  readonly kernel: KernelName;
  readonly how: 'native' | 'lowered';
  /** What `groupBy` said of the calls; absent without it, as is `backward`. */
  readonly group?: string;
  /** Whether a gradient makes the calls: the group is then that of the calls whose gradient it is. */
  readonly backward?: boolean;
  /** Why it was lowered, if it was. */
  readonly reason: string | undefined;
  /**
   * What was timed. `kernels`: the calls, each of which returns when its kernel has run. `device`: the kernels, by the device's timer.
   * `issuing`: only the issuing on the host, as the device runs kernels later and has no timer.
   */
  readonly timed: 'kernels' | 'device' | 'issuing';
  calls: number;
  /** Time; for a lowered call with that of the calls its lowering makes. */
  milliseconds: number;
  /** Bytes of inputs and outputs. */
  bytes: number;
  /** Multiply-accumulate operations, for kernels measured by them. Those of a lowering count for the kernels it calls. */
  macs: number;
}

export interface Profile<T> {
  readonly result: T;
  readonly entries: ProfileEntry[];
  /** Resolves when every entry has its milliseconds; a device's timer gives them late. Rejects when the device could not time a call. */
  readonly complete: Promise<void>;
}

export interface ProfileOptions {
  /**
   * Names the group of the call that is about to run, e.g. the layer that makes it: calls of different groups are added up apart. The calls of a
   * gradient belong to the group of those whose gradient it is.
   */
  readonly groupBy?: () => string;
}

const PROFILE: OptionChecks<ProfileOptions> = { groupBy: callable };

/** Runs a synchronous callback and adds up its kernel calls by kernel and how they ran. A lowered call is listed before the calls it makes. */
export function profile<T>(callback: () => T, options: ProfileOptions = {}): Profile<T> {
  checkCallback('profile', callback);
  checkOptions('profile', options, PROFILE);
  const entries = new Map<string, ProfileEntry>();
  const awaited: Promise<void>[] = [];
  /** The lowered calls whose kernels a device is timing, outermost first. */
  const around: ProfileEntry[] = [];
  const { groupBy } = options;
  const watched = (): T => (groupBy === undefined ? callback() : grouped(() => ({ name: groupBy(), backward: false }), callback));
  const result = intercept((call, run) => {
    const entry = entryOf(entries, call, groupBy && callGroup());
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
      measured.catch(() => {}); // `complete` reports it
      awaited.push(measured);
    }
    entry.calls++;
    for (const spec of [...tensorsOf(call.in), ...tensorsOf(call.out)]) entry.bytes += bytesOf(spec);
    if (call.how === 'native') entry.macs += macsOf(call);
  }, watched);
  const complete = Promise.all(awaited).then(() => undefined);
  complete.catch(() => {}); // a caller may ignore `complete`
  return { result, entries: [...entries.values()], complete };
}

/** The measurement of the current call by an enclosing profile, if any. A device times each call only once. */
let measuring: Promise<number> | undefined;

/** Times a call on a backend that has a timer, or shares the enclosing profile's measurement. */
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

function entryOf(entries: Map<string, ProfileEntry>, call: DispatchedCall, group: CallGroup | undefined): ProfileEntry {
  const { definition, how, reason, backend } = call;
  const timed = backend.time !== undefined ? 'device' : backend.info.reading === 'immediate' ? 'kernels' : 'issuing';
  const id = `${definition.name} ${how} ${timed} ${reason ?? ''} ${group?.backward ?? ''} ${group?.name ?? ''}`;
  let entry = entries.get(id);
  if (entry === undefined) {
    entry = {
      kernel: definition.name,
      how,
      reason,
      timed,
      calls: 0,
      milliseconds: 0,
      bytes: 0,
      macs: 0,
      ...(group && { group: group.name, backward: group.backward }),
    };
    entries.set(id, entry);
  }
  return entry;
}

/** Multiply-accumulate operations of a call that has run. */
export function macsOf({ definition, in: inputs, out: outputs, attrs }: DispatchedCall): number {
  const macs = definition.macs as ((inputs: unknown, outputs: unknown, attrs: unknown) => number) | undefined;
  return macs?.(inputs, outputs, attrs) ?? 0;
}

/**
 * Runs a synchronous callback and throws at the first kernel that makes NaN from inputs without NaN. Slow; needs a backend that reads synchronously.
 * @throws BackendError that names the kernel
 */
export function checkNumerics<T>(callback: () => T): T {
  checkCallback('checkNumerics', callback);
  return intercept((call, run) => {
    // A kernel that may write in place changes its inputs, so they are checked before it runs.
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

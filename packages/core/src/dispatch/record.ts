// A recording of a step: its kernel calls, with their storages, and its host steps, to be repeated one by one.

import type { Backend } from '../contract/backend.ts';
import { BackendError } from '../contract/errors.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { resolved } from '../contract/scalar.ts';
import type { Storage, View } from '../contract/storage.ts';
import { checkCallback } from '../contract/synchronous.ts';
import { pin, unpin } from '../tensor/handle.ts';
import { interned } from './attributes.ts';
import type { HostWrite } from './host-step.ts';
import { interceptHost } from './host-step.ts';
import type { DispatchedCall } from './intercept.ts';
import { intercept } from './intercept.ts';

/** A call of a backend's kernel that replays repeat. */
export interface RecordedCall<K extends KernelName = KernelName> {
  readonly kernel: K;
  readonly backend: Backend;
  readonly in: Inputs<K>;
  readonly out: Outputs<K>;
  /** Interned: equal attributes are one object. */
  readonly attrs: Attrs<K>;
  /** Cells among them are read at each replay. */
  readonly scalars: Scalars<K, Scalar>;
}

/** A host step that replays repeat. */
export interface RecordedAction {
  readonly action: () => void;
  /** The view that it writes, if any. */
  readonly write: HostWrite | undefined;
}

type AnySlots = Readonly<Record<string, View | readonly View[] | undefined>>;

/** The storages of a recording: a separate object, as it must outlive the recording for its finaliser. */
interface Pinned {
  storages: Map<Storage, Backend>;
}

const collected = new FinalizationRegistry<Pinned>(release);

function release(pinned: Pinned): void {
  const { storages } = pinned;
  pinned.storages = new Map();
  for (const [storage, backend] of storages) unpin(backend, storage);
}

/** The variables that were made or got another storage during the innermost recording; a step that does so cannot be replayed. */
let moved: string[] | undefined;

/** Notes that a parameter or state has a new storage. */
export function noteMoved(what: () => string): void {
  moved?.push(what());
}

export class Recording<T> {
  /** The callback's result. Its tensors hold the values of the last replay. */
  readonly result: T;
  /** The steps of a replay, in order. */
  readonly steps: readonly (RecordedCall | RecordedAction)[];
  private readonly pinned: Pinned;
  private readonly moved: readonly string[];
  private disposed = false;

  constructor(
    result: T,
    steps: readonly (RecordedCall | RecordedAction)[],
    storages: Map<Storage, Backend>,
    variablesMoved: readonly string[],
  ) {
    this.result = result;
    this.steps = steps;
    this.pinned = { storages };
    this.moved = variablesMoved;
    collected.register(this, this.pinned, this.pinned);
  }

  /** The kernel calls among the steps. */
  get calls(): readonly RecordedCall[] {
    return this.steps.filter((step) => 'kernel' in step);
  }

  /**
   * Repeats all steps on the same storages, with the current values of cells. To give new inputs, write them into the storages of the old.
   * @throws BackendError after `dispose`, or when the step moved a parameter or state to another storage: every replay would start from the
   *   same values
   */
  replay(): void {
    if (this.disposed) throw new BackendError('replay: the recording was disposed of');
    if (this.moved.length > 0)
      throw new BackendError(
        `replay: the recorded step moved ${this.moved[0]} to another storage; record a step that updates in place: not the first, and with no snapshot held`,
      );
    for (const step of this.steps) {
      if ('kernel' in step) call(step);
      else {
        step.action();
        if (step.write !== undefined) step.write.view.storage.version++;
      }
    }
  }

  /** Unpins the storages of the recording. */
  dispose(): void {
    this.disposed = true;
    collected.unregister(this.pinned);
    release(this.pinned);
  }
}

function call({ kernel: name, backend, in: inputs, out, attrs, scalars }: RecordedCall): void {
  const kernel = backend.kernels[name] as unknown as (call: unknown) => void;
  try {
    kernel({ in: inputs, out, attrs, scalars: resolved(scalars) });
  } finally {
    for (const view of viewsOf(out)) view.storage.version++;
  }
}

/**
 * Runs a synchronous callback and records its kernel calls and host steps. The storages of the step, even those it released, are kept until the
 * recording is disposed of or collected.
 */
export function record<T>(callback: () => T): Recording<T> {
  checkCallback('record', callback);
  const steps: (RecordedCall | RecordedAction)[] = [];
  const storages = new Map<Storage, Backend>();
  const keep = (view: View, backend: Backend): void => {
    if (storages.has(view.storage)) return;
    storages.set(view.storage, backend);
    pin(view.storage);
  };
  const onCall = (dispatched: DispatchedCall, run: () => void): void => {
    run();
    if (!dispatched.ran || dispatched.how === 'lowered') return; // the calls that a lowering makes are recorded instead
    const { definition, backend, scalars } = dispatched;
    const attrs = interned(definition.name, dispatched.attrs);
    const [inputs, out] = [bare(dispatched.in), bare(dispatched.out as AnySlots)];
    for (const view of [...viewsOf(inputs), ...viewsOf(out)]) keep(view, backend);
    steps.push({ kernel: definition.name, backend, in: inputs, out, attrs, scalars } as RecordedCall);
  };
  const onHost = (action: () => void, write: HostWrite | undefined): void => {
    action();
    if (write !== undefined) keep(write.view, write.backend);
    steps.push({ action, write });
  };
  const outer = moved;
  const mine: string[] = (moved = []);
  try {
    const result = interceptHost(onHost, () => intercept(onCall, callback));
    return new Recording(result, steps, storages, mine);
  } catch (error) {
    release({ storages });
    throw error;
  } finally {
    moved = outer;
    outer?.push(...mine);
  }
}

/** The same slots with plain views, which keep no tensor alive. */
function bare(slots: AnySlots): AnySlots {
  const view = ({ storage, offset, dtype, shape, size }: View): View => ({ storage, offset, dtype, shape, size });
  return Object.fromEntries(
    Object.entries(slots).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, Array.isArray(value) ? value.map(view) : view(value as View)]];
    }),
  );
}

function viewsOf(slots: AnySlots): View[] {
  return Object.values(slots).flatMap((value) => value ?? []);
}

// The backend under test, and the reference that it is compared with.

import type { Backend, Inputs, KernelName, Outputs, Tensor, TypedArray } from '@sinapse/core';
import { dispatch, kernelDefinitions, memory, makerOn, scope, SinapseError, writeAt } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import type { Grid, KernelCase } from './grid/kernel-case.ts';
import { entriesOf, mapSlots } from './grid/slots.ts';
import type { HostTensor } from './grid/values.ts';
import { surrounded } from './grid/values.ts';
import type { Settings } from './options.ts';
import { KernelTally } from './report.ts';
import { definitionOf } from './tolerances/expectation.ts';

export interface Subject {
  readonly create: () => Backend | Promise<Backend>;
  readonly backend: Backend;
  /** The reference in float64. */
  readonly oracle: Backend;
  readonly settings: Settings;
  readonly grid: Grid;
  readonly tallies: Map<KernelName, KernelTally>;
}

export async function subjectOf(create: () => Backend | Promise<Backend>, settings: Settings): Promise<Subject> {
  const backend = await create();
  const { dtypes, offsets, exactIntegerLimit, floats } = backend.info;
  const grid = {
    seed: settings.seed,
    full: settings.tier === 'full',
    dtypes: dtypes.storage,
    offsets,
    integerLimit: exactIntegerLimit,
    floats,
    limit: settings.casesPerKernel,
  };
  return { create, backend, oracle: reference({ precision: 'float64' }), settings, grid, tallies: new Map() };
}

/** The kernels that the settings ask for. */
export function kernelsOf(settings: Settings): KernelName[] {
  const all = Object.keys(kernelDefinitions) as KernelName[];
  return all.filter((kernel) => settings.only?.includes(kernel) ?? true);
}

export function tallyOf({ tallies, settings }: Subject, kernel: KernelName): KernelTally {
  let tally = tallies.get(kernel);
  if (tally === undefined) tallies.set(kernel, (tally = new KernelTally(kernel, settings.tolerance[kernel] ?? 1)));
  return tally;
}

/** The reason why core does not run the backend's kernel; undefined if core runs it. */
export function refusalOf<K extends KernelName>(backend: Backend, { kernel, inputs, attrs }: KernelCase<K>): string | undefined {
  const reason = refusal(backend, kernel, inputs, attrs);
  if (reason !== undefined && definitionOf(kernel).lower === undefined) {
    throw new SinapseError(`${kernel} is required, but ${reason}`);
  }
  return reason;
}

function refusal<K extends KernelName>(
  backend: Backend,
  kernel: K,
  inputs: Inputs<K, HostTensor>,
  attrs: KernelCase<K>['attrs'],
): string | undefined {
  if (backend.kernels[kernel] === undefined) return 'the backend has no such kernel';
  const verdict = backend.accepts?.(kernel, inputs, attrs) ?? true;
  if (verdict === true) return undefined;
  if (typeof verdict !== 'string' || verdict === '')
    throw new SinapseError(`accepts() must return true or a reason, got ${String(verdict)}`);
  return verdict;
}

/** How core computes: through the dispatch funnel, or by the lowering directly. */
export type Route = 'dispatch' | 'lowering';

/** Runs a case with tensors, as a user's op would, and reads its outputs. */
export async function runWithTensors<K extends KernelName>(backend: Backend, call: KernelCase<K>, route: Route): Promise<TypedArray[]> {
  const definition = definitionOf(call.kernel);
  const tensors = scope(() => {
    const inputs = mapSlots<HostTensor, Tensor>(call.inputs, (tensor) => tensorOf(backend, tensor, call.views)) as unknown as Inputs<
      K,
      Tensor
    >;
    const maker = makerOn(backend);
    const outputs: Outputs<K, Tensor> =
      route === 'dispatch'
        ? dispatch(definition, inputs, call.attrs, call.scalars, maker)
        : definition.lower!(inputs, call.attrs, call.scalars, maker);
    return entriesOf<Tensor>(outputs).map(({ value }) => value);
  });
  try {
    return await Promise.all(tensors.map((tensor) => tensor.data()));
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

function tensorOf(backend: Backend, tensor: HostTensor, view: boolean): Tensor {
  const { whole, before } = view ? surrounded(tensor) : { whole: tensor, before: 0 };
  const { dtype, shape, size, data } = whole;
  const all = writeAt(makerOn(backend), { dtype, shape, size }, data);
  return view ? all.slice([{ begin: before, end: before + tensor.size }]).reshape(tensor.shape) : all;
}

/** How much is alive: storages of the backend, and tensors of core. */
export interface Alive {
  readonly bytes: number;
  readonly storages: number;
  readonly tensors: number;
}

export function aliveOn(backend: Backend): Alive {
  const { tensors, backend: own } = memory(backend);
  return { bytes: own.liveBytes, storages: own.liveStorages, tensors };
}

/**
 * Checks that as much is alive as before.
 * @throws SinapseError when something was left behind, or something was released that the call did not make
 */
export function checkNothingLeaked(backend: Backend, before: Alive): void {
  const now = aliveOn(backend);
  if (now.bytes !== before.bytes || now.storages !== before.storages) {
    throw new SinapseError(
      `memory(): ${now.storages} storages of ${now.bytes} bytes are live, ${before.storages} of ${before.bytes} bytes were before: storages are leaked, or released twice`,
    );
  }
  // The count may fall, as the garbage collector may release other tensors, but it must not rise.
  if (now.tensors > before.tensors) throw new SinapseError(`${now.tensors - before.tensors} tensors were left behind`);
}

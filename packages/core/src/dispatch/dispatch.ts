// Every kernel call goes through `dispatch`: it validates, chooses the backend's kernel or the lowering, allocates, and runs. intercept.ts
// wraps calls for profiling, recording and checking.

import { pauseRecording } from '../autodiff/recording.ts';
import type { Backend } from '../contract/backend.ts';
import type { DType } from '../contract/dtype.ts';
import { isHalf } from '../contract/dtype.ts';
import { BackendError, DTypeError } from '../contract/errors.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { resolved } from '../contract/scalar.ts';
import type { KernelDefinition } from './definition.ts';
import { otherVersion } from './definition.ts';
import type { TensorMaker } from '../tensor/tensor-maker.ts';
import type { Spec } from '../contract/storage.ts';
import { bytesOf } from '../contract/storage.ts';
import { runLowering } from './lowered.ts';
import type { DispatchedCall } from './intercept.ts';
import { isIntercepted, runIntercepted, unintercepted } from './intercept.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { notATensor, onTwoBackends } from '../tensor/check-tensor.ts';
import { Handle, abandon, allocate } from '../tensor/handle.ts';
import { scope } from '../tensor/scope.ts';

/** Any kernel. */
type AnyKernel = (call: unknown) => void;

type AnyRecord<V> = Record<string, V | readonly V[] | undefined>;

/** One kernel call. Interceptors see it, and the kernel gets it. */
class Call<K extends KernelName> implements DispatchedCall<K> {
  readonly definition: KernelDefinition<K, Tensor>;
  readonly in: Inputs<K, Tensor>;
  readonly attrs: Attrs<K>;
  readonly scalars: Scalars<K, Scalar>;
  readonly maker: TensorMaker;
  readonly kernel: AnyKernel | undefined;
  readonly reason: string | undefined;
  ran = false;
  out: Outputs<K, Tensor> | undefined = undefined;

  constructor(
    definition: KernelDefinition<K, Tensor>,
    inputs: Inputs<K, Tensor>,
    attrs: Attrs<K>,
    scalars: Scalars<K, Scalar>,
    maker: TensorMaker,
    kernel: AnyKernel | undefined,
    reason: string | undefined,
  ) {
    this.definition = definition;
    this.in = inputs;
    this.attrs = attrs;
    this.scalars = scalars;
    this.maker = maker;
    this.kernel = kernel;
    this.reason = reason;
  }

  get backend(): Backend {
    return this.maker.backend;
  }

  get how(): 'native' | 'lowered' {
    return this.reason === undefined ? 'native' : 'lowered';
  }
}

/**
 * Calls a kernel.
 * @param scalars numbers, or cells, which are read now
 * @param maker makes the results; its backend runs the kernel
 * @param donate whether outputs may take over the storages of the inputs named in `donates`, if nothing else refers to them
 * @throws BackendError when an input was disposed of or lies on another backend, or the backend cannot run the kernel
 */
export function dispatch<K extends KernelName>(
  definition: KernelDefinition<K, Tensor>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: NoInfer<Scalars<K, Scalar>>,
  maker: TensorMaker,
  donate = false,
): Outputs<K, Tensor> {
  const backend = (maker as TensorMaker | undefined | null)?.backend;
  if (backend === undefined) throw notATensor(nameOf(definition, attrs), maker); // the maker is an argument of the user's
  checkInputs(definition, attrs, inputs, backend);
  const specs = definition.infer(inputs, attrs);
  const kernel = backend.kernels[definition.name] as AnyKernel | undefined;
  const reason = kernel === undefined ? 'the backend has no such kernel' : whyRefused(definition, inputs, attrs, backend);
  const call = new Call(definition, inputs, attrs, scalars, maker, kernel, reason);
  if (isIntercepted()) runAround(call, specs, donate);
  else run(call, specs, donate);
  return call.out!;
}

/** Runs a call inside its interceptors. In `dispatch` itself, the closure's variables would cost time at every call. */
function runAround<K extends KernelName>(call: Call<K>, specs: Outputs<K, Spec>, donate: boolean): void {
  runIntercepted(call as unknown as DispatchedCall, () => {
    if (call.reason === undefined) unintercepted(() => runNative(call, specs, donate));
    else runLowered(call);
    call.ran = true;
  });
}

/** Why a backend does not run a call with its own kernel; undefined if it does. */
function whyRefused<K extends KernelName>(
  definition: KernelDefinition<K, Tensor>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  backend: Backend,
): string | undefined {
  if (backend.versions !== undefined || definition.version !== 1) {
    const other = otherVersion(backend, definition);
    if (other !== undefined) return other;
  }
  if (backend.accepts === undefined) return undefined;
  const verdict = backend.accepts(definition.name, inputs, attrs);
  return verdict === true ? undefined : verdict;
}

function run<K extends KernelName>(call: Call<K>, specs: Outputs<K, Spec>, donate: boolean): void {
  if (call.reason === undefined) runNative(call, specs, donate);
  else runLowered(call);
}

/** The name of the function that a user calls. */
function nameOf<K extends KernelName>({ called, name }: KernelDefinition<K, Tensor>, attrs: Attrs<K>): string {
  return called?.(attrs) ?? name;
}

function checkInputs<K extends KernelName>(
  definition: KernelDefinition<K, Tensor>,
  attrs: Attrs<K>,
  inputs: AnyRecord<Tensor>,
  backend: Backend,
): void {
  for (const name in inputs) {
    const value = inputs[name];
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const tensor of value as readonly Tensor[]) checkInput(definition, attrs, tensor, backend);
    else checkInput(definition, attrs, value as Tensor, backend);
  }
}

function checkInput<K extends KernelName>(
  definition: KernelDefinition<K, Tensor>,
  attrs: Attrs<K>,
  tensor: Tensor,
  backend: Backend,
): void {
  if (tensor instanceof Handle && !tensor.disposed && tensor.backend === backend) {
    if (isHalf(tensor.dtype)) checkArithmetic(definition, attrs, tensor.dtype, backend);
    return;
  }
  const op = nameOf(definition, attrs);
  if (!(tensor instanceof Handle)) throw notATensor(op, tensor);
  tensor.assertAlive(op);
  throw onTwoBackends(op, backend, tensor.backend);
}

/** @throws DTypeError when the backend does not compute with the dtype, unless the kernel only moves values */
function checkArithmetic<K extends KernelName>(
  definition: KernelDefinition<K, Tensor>,
  attrs: Attrs<K>,
  dtype: DType,
  backend: Backend,
): void {
  if (definition.moves || backend.info.dtypes.arithmetic.includes(dtype)) return;
  const op = nameOf(definition, attrs);
  throw new DTypeError(`${op}: the backend ${backend.name} stores ${dtype} but does not compute with it; cast it to float32 first`);
}

function runNative<K extends KernelName>(call: Call<K>, specs: Outputs<K, Spec>, donate: boolean): void {
  const { definition, maker } = call;
  const inputs = call.in as AnyRecord<Tensor>;
  // `infer` made this record for this call alone, so tensors may replace the specs in it.
  const outputs = specs as unknown as MutableSlots;
  const donates = donate ? (definition.donates as Readonly<Record<string, string>> | undefined) : undefined;
  if (donates !== undefined) countOccurrences(inputs, 1);
  try {
    for (const name in outputs) {
      const donors = donates && inputs[donates[name]!];
      const spec = outputs[name]!;
      if (isList(spec))
        for (let i = 0; i < spec.length; i++) spec[i] = makeOutput(maker, spec[i]!, (donors as readonly Tensor[] | undefined)?.[i]);
      else if (name === 'y')
        outputs.y = makeOutput(maker, spec, donors as Tensor | undefined); // faster than a computed name; most outputs are y
      else outputs[name] = makeOutput(maker, spec, donors as Tensor | undefined);
    }
    call.out = outputs as unknown as Outputs<K, Tensor>;
    const scalars = resolved(call.scalars);
    call.kernel!(scalars === call.scalars ? call : { in: inputs, out: outputs, attrs: call.attrs, scalars });
  } catch (error) {
    call.out = undefined;
    for (const output of Object.values(outputs).flat()) if (output instanceof Handle) output.dispose();
    throw error;
  } finally {
    if (donates !== undefined) {
      countOccurrences(inputs, -1);
      raiseVersions(outputs); // even if the kernel threw: it may have written
    }
  }
}

/** The record that `infer` returned, while tensors replace its specs one by one. */
type MutableSlots = Record<string, Spec | Spec[]> & { y?: Spec };

/** Adds `by` references to an input's storage for each occurrence of the tensor in the inputs. */
function countOccurrences(inputs: AnyRecord<Tensor>, by: number): void {
  for (const name in inputs) {
    const input = inputs[name];
    if (input === undefined) continue;
    if (isList(input)) for (let i = 0; i < input.length; i++) input[i]!.storage.references += by;
    else input.storage.references += by;
  }
}

/** Raises versions after a write in place, as what backends cached about the contents is stale. (A new storage starts with a new version.) */
function raiseVersions(outputs: MutableSlots): void {
  for (const name in outputs) {
    const output = outputs[name]!;
    if (isList(output)) for (let i = 0; i < output.length; i++) raiseVersion(output[i]!);
    else raiseVersion(output);
  }
}

function raiseVersion(output: Spec): void {
  if (output instanceof Handle) output.storage.version++;
}

/** The references to a storage that can be donated: one handle, one occurrence in the call. A second occurrence might be read after the write. */
const HANDLE_AND_OCCURRENCE = 2;

/** An output in the donor's storage if nothing else refers to that, else in a new one. */
function makeOutput(maker: TensorMaker, spec: Spec, donor: Tensor | undefined): Tensor {
  if (donor !== undefined && donor.storage.references === HANDLE_AND_OCCURRENCE && donor.storage.bytes === bytesOf(spec)) {
    return maker.make(donor.storage, donor.offset, spec);
  }
  const storage = allocate(maker.backend, spec);
  try {
    return maker.make(storage, 0, spec);
  } catch (error) {
    abandon(maker.backend, storage);
    throw error;
  }
}

function runLowered<K extends KernelName>(call: Call<K>): void {
  const { definition, attrs, scalars, maker, reason } = call;
  if (definition.lower === undefined)
    throw new BackendError(`${definition.name}: the backend ${maker.backend.name} cannot run it (${reason}), and it is a required kernel`);
  const given = new Set(Object.values(call.in as AnyRecord<Tensor>).flat());
  call.out = scope(() => {
    const outputs = pauseRecording(() => runLowering(definition, call.in, attrs, scalars, maker)) as unknown as Record<
      string,
      Tensor | readonly Tensor[]
    >;
    // A lowering may return an input (a linear activation); the result still gets its own handle.
    const fresh = (tensor: Tensor): Tensor => (given.has(tensor) ? tensor.alias() : tensor);
    const result: Record<string, Tensor | Tensor[]> = {};
    for (const name in outputs) {
      const output = outputs[name]!;
      result[name] = isList(output) ? output.map(fresh) : fresh(output);
    }
    return result;
  }) as Outputs<K, Tensor>;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

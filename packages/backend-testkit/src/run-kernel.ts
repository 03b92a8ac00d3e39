// Calls one kernel as core does, but under harder conditions, which a backend must bear: outputs are full of wrong values, and inputs lie in the
// middle of larger storages. Afterwards it checks what the kernel must not touch.

import type { Backend, Kernel, KernelCall, KernelName, Outputs, Spec, Storage, TypedArray, View } from '@sinapse/core';
import { hostArray, SinapseError, specOf } from '@sinapse/core';
import { entriesOf, mapSlots } from './grid/slots.ts';
import type { HostTensor } from './grid/values.ts';
import { surrounded } from './grid/values.ts';
import type { Expectation, ExpectedOutput } from './tolerances/expectation.ts';
import { definitionOf } from './tolerances/expectation.ts';

/** An input, the whole storage around it, and the values written there. */
interface Written {
  readonly name: string;
  readonly view: View;
  readonly whole: View;
  readonly data: TypedArray;
}

/**
 * Calls a backend's kernel directly and reads its outputs, in their order.
 * @throws SinapseError when the kernel wrote outside its outputs
 */
export async function runKernel<K extends KernelName>(
  backend: Backend,
  { call, outputs: expected }: Expectation<K>,
): Promise<TypedArray[]> {
  const definition = definitionOf(call.kernel);
  const storages: Storage[] = [];
  const written: Written[] = [];
  const make = (spec: Spec, data: TypedArray): View => {
    const view = { ...spec, storage: backend.allocate(spec), offset: 0 };
    storages.push(view.storage);
    backend.write(view, data);
    view.storage.version++;
    return view;
  };
  const write = (tensor: HostTensor, name: string): View => {
    const { whole: around, before } = call.views ? surrounded(tensor) : { whole: tensor, before: 0 };
    const whole = make(specOf(around.dtype, around.shape), around.data);
    const view = { ...specOf(tensor.dtype, tensor.shape), storage: whole.storage, offset: before };
    written.push({ name, view, whole, data: around.data });
    return view;
  };
  try {
    const inputs = mapSlots<HostTensor, View>(call.inputs, write);
    const donates = (call.donated === true ? definition.donates : undefined) as Readonly<Record<string, string>> | undefined;
    const specs: Outputs<K, Spec> = definition.infer(call.inputs, call.attrs);
    let next = 0;
    const outputs = mapSlots<Spec, View>(specs, ({ dtype, shape }, slot, index) => {
      const wrong = wrongValues(expected[next++]!.value);
      const donors = donates && inputs[donates[slot]!];
      const donor = Array.isArray(donors) ? (donors as readonly View[])[index] : (donors as View | undefined);
      return donor ?? make(specOf(dtype, shape), wrong);
    });
    (backend.kernels[call.kernel] as Kernel<K>)({
      in: inputs,
      out: outputs,
      attrs: call.attrs,
      scalars: call.scalars,
    } as unknown as KernelCall<K>);

    const results: TypedArray[] = [];
    const donated = new Set<View>();
    for (const { value } of entriesOf<View>(outputs)) {
      value.storage.version++;
      donated.add(value);
      results.push(await backend.read(value));
    }
    for (const each of written) await checkUntouched(backend, each, donated.has(each.view));
    return results;
  } finally {
    for (const storage of storages) backend.release(storage);
  }
}

/** Values that are all wrong, so that an element that a kernel leaves out is noticed. */
function wrongValues({ spec, data }: ExpectedOutput): TypedArray {
  const wrong = hostArray(spec.dtype, spec.size);
  for (let i = 0; i < wrong.length; i++) {
    const right = data[i]!;
    if (spec.dtype === 'float32') wrong[i] = Number.isNaN(right) ? 12345 : NaN;
    else if (spec.dtype === 'bool') wrong[i] = 1 - right;
    else wrong[i] = (right ^ 0xa5) & 0xffffff;
  }
  return wrong;
}

/** Checks that an input still has its values; of a donated input only the storage around it. */
async function checkUntouched(backend: Backend, { name, view, whole, data }: Written, donated: boolean): Promise<void> {
  const now = await backend.read(whole);
  for (let i = 0; i < data.length; i++) {
    const inside = i >= view.offset && i < view.offset + view.size;
    if (Object.is(now[i], data[i]) || (inside && donated)) continue;
    const where = inside ? `element ${i - view.offset} of the input ${name}` : `an element beside the input ${name}`;
    throw new SinapseError(`${where} was changed from ${data[i]} to ${now[i]}`);
  }
}

// The reference with every derived kernel as one call, which runs the lowering on a second reference. It is for tests of calls: what is recorded
// of them, and which outputs use the storage of an input. It is a separate entry, so that the main one does not import every lowering.

import type { Backend, DerivedKernel, Kernel, KernelDefinition, KernelName, Outputs, Tensor, View } from '@sinapse/core';
import { dispatch, inference, kernelDefinitions, makerOn, scope, specOf, writeAt } from '@sinapse/core';
import type { ReferenceOptions } from '../index.ts';
import { reference } from '../index.ts';

/** Like `reference`, but no call is lowered. */
export function fusedReference(options: ReferenceOptions = {}): Backend {
  const backend = reference(options);
  return Object.assign(backend, { kernels: { ...backend.kernels, ...fusedKernels(backend, reference(options)) } });
}

type AnySlots<V> = Readonly<Record<string, V | readonly V[] | undefined>>;

/**
 * The derived kernels that `outer` does not have.
 * @param inner runs their lowerings, in the same precision. It is another backend, so that its memory is not counted in that of `outer`
 */
function fusedKernels(outer: Backend, inner: Backend): { readonly [K in DerivedKernel]?: Kernel<K> } {
  const derived = Object.values(kernelDefinitions).filter(({ name, lower }) => lower !== undefined && outer.kernels[name] === undefined);
  return Object.fromEntries(derived.map((definition) => [definition.name, fused(definition as KernelDefinition<KernelName, Tensor>, outer, inner)])); // prettier-ignore
}

function fused<K extends KernelName>(definition: KernelDefinition<K, Tensor>, outer: Backend, inner: Backend): Kernel<K> {
  const copy = (view: View): Tensor => writeAt(makerOn(inner), specOf(view.dtype, view.shape), outer.readSync!(view));
  return (call) =>
    inference(() =>
      scope(() => {
        const inputs = mapSlots(call.in as AnySlots<View>, copy);
        const results: Outputs<K, Tensor> = dispatch(definition, inputs as never, call.attrs, call.scalars, makerOn(inner));
        // An output may be in the storage of an input: all inputs have been copied by now.
        for (const [name, slot] of Object.entries(call.out as AnySlots<View>)) {
          const found = listOf((results as AnySlots<Tensor>)[name]);
          listOf(slot).forEach((view, i) => outer.write(view, found[i].dataSync()));
        }
      }),
    );
}

function mapSlots<V, W>(slots: AnySlots<V>, map: (value: V) => W): AnySlots<W> {
  const mapped = Object.entries(slots).map(([name, slot]) => [name, isList(slot) ? slot.map(map) : slot === undefined ? slot : map(slot)]);
  return Object.fromEntries(mapped) as AnySlots<W>;
}

function listOf<V>(slot: V | readonly V[] | undefined): readonly V[] {
  return slot === undefined ? [] : isList(slot) ? slot : [slot];
}

function isList<V>(slot: V | readonly V[] | undefined): slot is readonly V[] {
  return Array.isArray(slot);
}

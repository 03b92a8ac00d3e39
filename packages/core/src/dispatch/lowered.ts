// Running a kernel's lowering.

import { isHalf } from '../contract/dtype.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Spec } from '../contract/storage.ts';
import type { Place } from '../tensor/place.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { KernelDefinition } from './definition.ts';

type Slots<V> = Readonly<Record<string, V | readonly V[] | undefined>>;

/**
 * The outputs of a derived kernel, by its lowering. Half-precision inputs are computed with as float32, so that sums over many ops keep its
 * digits, and results have the dtypes that the kernel gives.
 */
export function runLowering<K extends KernelName>(
  definition: KernelDefinition<K, Tensor>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: Scalars<K>,
  place: Place,
): Outputs<K, Tensor> {
  const lower = definition.lower!;
  if (!Object.values(inputs as Slots<Tensor>).some(holdsHalf)) return lower(inputs, attrs, scalars, place);
  const specs = definition.infer(inputs, attrs) as Slots<Spec>;
  const wide = mapSlots(inputs, (x) => (isHalf(x.dtype) ? x.cast('float32') : x)) as unknown as Inputs<K, Tensor>;
  const outputs = mapSlots(lower(wide, attrs, scalars, place), (y, name, i) => {
    const spec = specs[name]!;
    return y.cast((isList(spec) ? spec[i]! : spec).dtype);
  });
  return outputs as unknown as Outputs<K, Tensor>;
}

function holdsHalf(slot: Tensor | readonly Tensor[] | undefined): boolean {
  return slot !== undefined && (isList(slot) ? slot.some(holdsHalf) : isHalf(slot.dtype));
}

function mapSlots(slots: object, change: (x: Tensor, name: string, index: number) => Tensor): Record<string, Tensor | Tensor[]> {
  const result: Record<string, Tensor | Tensor[]> = {};
  for (const [name, slot] of Object.entries(slots as Slots<Tensor>)) {
    if (slot === undefined) continue;
    result[name] = isList(slot) ? slot.map((x, i) => change(x, name, i)) : change(slot, name, 0);
  }
  return result;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

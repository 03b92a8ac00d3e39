// Runs a kernel's lowering.

import type { DType } from '../contract/dtype.ts';
import { isHalf } from '../contract/dtype.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Spec } from '../contract/storage.ts';
import type { Maker } from '../tensor/maker.ts';
import type { KernelDefinition } from './definition.ts';

/** The part of a tensor that is needed here. */
interface Castable<T> extends Spec {
  cast(dtype: DType): T;
}

type Slots<V> = Readonly<Record<string, V | readonly V[] | undefined>>;

/**
 * The outputs of a derived kernel, computed by its lowering. Half-precision inputs are cast to float32, so that sums over many ops keep its
 * digits; the results are cast to the dtypes of the kernel's outputs.
 */
export function runLowering<K extends KernelName, T extends Castable<T>>(
  definition: KernelDefinition<K, T>,
  inputs: Inputs<K, T>,
  attrs: Attrs<K>,
  scalars: Scalars<K, Scalar>,
  maker: Maker<T>,
): Outputs<K, T> {
  const lower = definition.lower!;
  if (!Object.values(inputs as Slots<T>).some(holdsHalf)) return lower(inputs, attrs, scalars, maker);
  const specs = definition.infer(inputs, attrs) as Slots<Spec>;
  const wide = mapSlots<T>(inputs, (x) => (isHalf(x.dtype) ? x.cast('float32') : x)) as unknown as Inputs<K, T>;
  const outputs = mapSlots<T>(lower(wide, attrs, scalars, maker), (y, name, i) => {
    const spec = specs[name]!;
    return y.cast((isList(spec) ? spec[i]! : spec).dtype);
  });
  return outputs as unknown as Outputs<K, T>;
}

function holdsHalf(slot: Spec | readonly Spec[] | undefined): boolean {
  return slot !== undefined && (isList(slot) ? slot.some(holdsHalf) : isHalf(slot.dtype));
}

function mapSlots<T>(slots: object, change: (x: T, name: string, index: number) => T): Record<string, T | T[]> {
  const result: Record<string, T | T[]> = {};
  for (const [name, slot] of Object.entries(slots as Slots<T>)) {
    if (slot === undefined) continue;
    result[name] = isList(slot) ? slot.map((x, i) => change(x, name, i)) : change(slot, name, 0);
  }
  return result;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

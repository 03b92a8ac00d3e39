// Backends without integers carry int32 as float32. Beyond `exactIntegerLimit` their results need not be exact.

import type { KernelName } from '@sinapse/core';
import { mapSlots } from '../grid/slots.ts';
import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';

const ARITHMETIC: ReadonlySet<KernelName> = new Set(['unary', 'binary', 'binaryScalar', 'reduce', 'cumulativeSum', 'scatterAdd']);

/** Infinity (any value is right) for every element whose result, computed without wrapping, or a partial sum of it exceeds the limit. */
export function inexactIntegers<K extends KernelName>({ call, outputs, rerun }: Expectation<K>, limit: number): Float64Array | undefined {
  if (limit >= 2 ** 31 || !ARITHMETIC.has(call.kernel) || outputs[0]!.value.spec.dtype !== 'int32') return undefined;
  const asFloats = (change: (value: number) => number): readonly number[] => {
    const convert = (tensor: HostTensor, slot: string): HostTensor =>
      slot === 'indices' ? tensor : { ...tensor, dtype: 'float32', data: Float64Array.from(tensor.data, change) };
    return Array.from(rerun({ inputs: mapSlots<HostTensor, HostTensor>(call.inputs, convert) as never })[0]!);
  };
  const values = asFloats((value) => value);
  const sizes = asFloats(Math.abs);
  const exact = (x: number): boolean => Math.abs(x) < limit;
  return Float64Array.from(values, (value, i) => (exact(value) && exact(sizes[i]!) ? 0 : Infinity));
}

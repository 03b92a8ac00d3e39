// Which cases a backend is asked: only those about properties of floats that it says it keeps (`info.floats`).

import type { DType, FloatProperties, KernelName } from '@sinapse/core';
import type { ValueClass } from './values.ts';

/** Kernels that choose among equal values. */
const CHOOSING: ReadonlySet<KernelName> = new Set(['argReduce', 'sort', 'maxPool2dGrad']);

/** The parts of a case that decide whether it is asked. */
interface Asked {
  readonly kernel: KernelName;
  readonly dtype: DType;
  readonly values: ValueClass;
  readonly scalars: object;
}

/** Whether a backend has to give the right result of a case. */
export function isAsked(floats: FloatProperties, { kernel, dtype, values, scalars }: Asked): boolean {
  const numbers = Object.values(scalars as Readonly<Record<string, number>>);
  if (!floats.nan && (values === 'nan' || numbers.some(Number.isNaN))) return false;
  if (!floats.infinities && (values === 'infinities' || numbers.some((value) => Math.abs(value) === Infinity))) return false;
  return floats.ties || !CHOOSING.has(kernel) || (dtype === 'float32' && (values === 'ordinary' || values === 'wide'));
}

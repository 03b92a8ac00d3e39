// Scalars: numbers that ops pass to kernels. A number that changes from step to step is held in a cell, so that a replayed step reads its current
// value. A backend's kernels get plain numbers.

import { SinapseError } from './errors.ts';

/** A number that may change; `value` is its current value. */
export interface Cell {
  readonly value: number;
}

/** What ops take where kernels take a number. */
export type Scalar = number | Cell;

/** A cell that can be set: `const rate = cell(0.1); rate.value = 0.05;`. */
export function cell(initial: number): { value: number } {
  return { value: initial };
}

/** A cell whose value is computed, in float64, at each read. */
export function derivedCell(compute: () => number): Cell {
  return new DerivedCell(compute);
}

class DerivedCell implements Cell {
  private readonly compute: () => number;

  constructor(compute: () => number) {
    this.compute = compute;
  }

  get value(): number {
    return this.compute();
  }
}

/** The current value of a scalar. */
export function numberOf(scalar: Scalar): number {
  return typeof scalar === 'number' ? scalar : scalar.value;
}

/** A function of scalars, e.g. `derived((rate) => 1 - rate, rate)`: a number if all are numbers, else a cell computed from them at each read. */
export function derived<const S extends readonly Scalar[]>(
  compute: (...values: { readonly [I in keyof S]: number }) => number,
  ...sources: S
): Scalar {
  if (typeof compute !== 'function' || !sources.every(isScalar))
    throw new SinapseError('derived: takes a function of numbers, and the numbers or cells');
  const now = (): number => compute(...(sources.map(numberOf) as unknown as { readonly [I in keyof S]: number }));
  return sources.every((source) => typeof source === 'number') ? now() : derivedCell(now);
}

/** Whether a value is a scalar. */
export function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return true;
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number';
}

/** No scalars. */
export const NO_SCALARS: Readonly<Record<never, never>> = {};

/** The current values of a record of scalars; the record itself if none is a cell. */
export function resolved<R extends Readonly<Record<string, Scalar>>>(scalars: R): { readonly [P in keyof R]: number } {
  if (scalars !== NO_SCALARS) for (const name in scalars) if (typeof scalars[name] !== 'number') return resolveAll(scalars);
  return scalars as { readonly [P in keyof R]: number };
}

function resolveAll<R extends Readonly<Record<string, Scalar>>>(scalars: R): { readonly [P in keyof R]: number } {
  return Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [name, numberOf(scalar)])) as { [P in keyof R]: number };
}

// Scalars: numbers that a kernel is called with. One that changes from call to call of the same program is a cell, so that a recorded step reads
// what it holds now; a backend's kernels see numbers alone.

/** A number that may change: whoever holds the cell reads what it is at this moment. */
export interface Cell {
  readonly value: number;
}

/** What ops take where a kernel takes a number. */
export type Scalar = number | Cell;

/** A cell to be set: `const rate = cell(0.1); rate.value = 0.05;`. */
export function cell(initial: number): { value: number } {
  return { value: initial };
}

/** A cell whose value is worked out from others, in float64, whenever it is read. */
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

/** The value at this moment. */
export function numberOf(scalar: Scalar): number {
  return typeof scalar === 'number' ? scalar : scalar.value;
}

/** A function of scalars: a number where all are numbers, else a cell that follows them. `derived((rate) => 1 - rate, rate)`. */
export function derived<const S extends readonly Scalar[]>(
  compute: (...values: { readonly [I in keyof S]: number }) => number,
  ...sources: S
): Scalar {
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

/** A record of scalars as the numbers that they are at this moment: the record itself where none is a cell. */
export function resolved<R extends Readonly<Record<string, Scalar>>>(scalars: R): { readonly [P in keyof R]: number } {
  if (scalars !== NO_SCALARS) for (const name in scalars) if (typeof scalars[name] !== 'number') return resolveAll(scalars);
  return scalars as { readonly [P in keyof R]: number };
}

function resolveAll<R extends Readonly<Record<string, Scalar>>>(scalars: R): { readonly [P in keyof R]: number } {
  return Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [name, numberOf(scalar)])) as { [P in keyof R]: number };
}

// A kernel's record: the calls it is tested with, and how exact their results must be.

import type { Attrs, KernelName } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import type { Expectation } from '../tolerances/expectation.ts';

/** The allowed absolute errors of the elements of each output; undefined for an output that must be exact. */
type Allowed = Float64Array | undefined | readonly (Float64Array | undefined)[];

/**
 * A result is right when it differs from the exact result by at most the allowed error and one rounding to float32. NaN and infinities must be
 * at the same indices as in the reference. Integers and bools are exact.
 */
export interface KernelRecord<K extends KernelName> {
  /** The calls: all pairs of the parameters' values in the quick grid, all triples in the full grid. */
  readonly cases: (grid: Grid) => Cases<K>;
  /** Why the bound is what it is. */
  readonly why: string;
  /** The allowed errors. If absent, results must be exact. */
  readonly allowed?: (expectation: Expectation<K>) => Allowed;
  /** Whether 0 and -0 are different results. */
  readonly zeroSigns?: (attrs: Attrs<K>) => boolean;
}

/** The records of a family of kernels. */
export type Records<K extends KernelName> = { readonly [Name in K]: KernelRecord<Name> };

export const MOVES = 'only moves values: every bit is kept, the sign of zero too';

export const always = (): boolean => true;

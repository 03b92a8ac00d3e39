// Values with a bound of their error, carried through a formula: running error analysis (Higham 2002, "Accuracy and Stability of
// Numerical Algorithms", 3.3), for formulas too long to bound by hand.

import { SMALLEST_NORMAL } from '../grid/values.ts';
import { U, ulp } from './rounding.ts';

/** An exact value, and how far a computed one may be off. */
export interface Computed {
  readonly value: number;
  readonly error: number;
}

/** An input: it has no error. */
export function given(value: number): Computed {
  return { value, error: 0 };
}

/** A value with its inherited error, rounded once more. No error is computed for a value that is not finite. */
function rounded(value: number, inherited: number): Computed {
  return { value, error: Number.isFinite(value) && Number.isFinite(inherited) ? inherited + U * (Math.abs(value) + inherited) : 0 };
}

export function plus(a: Computed, b: Computed): Computed {
  return rounded(a.value + b.value, a.error + b.error);
}

export function minus(a: Computed, b: Computed): Computed {
  return rounded(a.value - b.value, a.error + b.error);
}

export function times(a: Computed, b: Computed): Computed {
  return rounded(a.value * b.value, Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error);
}

/** A function value within 4 ulps, as `unary` allows; subnormal results may be flushed to 0. The function's slope is at most `steepest`. */
function approximated(value: number, x: Computed, steepest: number): Computed {
  return { value, error: steepest * x.error + 4 * ulp(value) + SMALLEST_NORMAL };
}

export function sigmoid(x: Computed): Computed {
  return approximated(1 / (1 + Math.exp(-x.value)), x, 0.25);
}

export function tanh(x: Computed): Computed {
  return approximated(Math.tanh(x.value), x, 1);
}

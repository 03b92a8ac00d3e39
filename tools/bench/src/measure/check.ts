// Checks a contestant's outputs; only a contestant with right outputs is timed.

import type { Expected } from '../cases/bench-case.ts';

/** The largest |value - expected| of an output, divided by the root mean square of the expected values. NaN counts as infinitely wrong. */
export function worstError(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (values.length !== expected.length) return Infinity;
  let [squares, worst] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(values[i]! - expected[i]!);
    squares += expected[i]! * expected[i]!;
    if (Number.isNaN(error)) return Infinity;
    if (error > worst) worst = error;
  }
  return worst === 0 ? 0 : worst / Math.sqrt(squares / expected.length);
}

/**
 * The worst error over all outputs.
 * @throws Error when an output is missing, or wrong by more than the tolerance
 */
export function checkOutputs(
  outputs: Readonly<Record<string, readonly number[]>>,
  expected: Readonly<Record<string, Expected>>,
  tolerance: number,
): number {
  const errors = Object.entries(expected).map(([name, { values }]) => {
    const given = outputs[name];
    if (given === undefined) throw new Error(`wrong: it gave no ${name}`);
    if (given.length !== values.length) throw new Error(`wrong: it gave ${given.length} values of ${name}, expected ${values.length}`);
    const error = worstError(given, values);
    if (error > tolerance) throw new Error(`wrong: ${name} is off by ${error.toExponential(1)} of its size, the tolerance is ${tolerance}`);
    return error;
  });
  return Math.max(...errors);
}

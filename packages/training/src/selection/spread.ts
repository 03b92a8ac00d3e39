// A mean with how far its values lie apart.

export interface Spread {
  readonly mean: number;
  /** The standard deviation of the values, with n - 1 in the denominator; 0 of a single value, which tells none. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

// A mean with how far its values lie apart.

export interface Spread {
  readonly mean: number;
  /** The standard deviation of the values, with n - 1 in the denominator; NaN of a single value. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

// Linear support vector machines: dual coordinate descent. Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, "A dual coordinate descent method for
// large-scale linear SVM", algorithm 1, with the hinge loss.

import type { RandomKey } from '@sinapse/core';
import { hostPermutation } from '@sinapse/core';

/** Rows of features, one after another. */
export interface Rows {
  readonly data: Float64Array;
  readonly features: number;
}

/** The most passes over the examples, and the violation of the optimality conditions at which they end. */
const PASSES = 200;
const TOLERANCE = 0.01;

/**
 * Minimises ½ |w|² + cost · Σ max(0, 1 - y · w x).
 * @param isPositive for each row, whether y is 1 instead of -1
 * @param key of the orders in which rows are looked at
 * @returns w, one number for each feature
 */
export function linearSvm({ data, features }: Rows, isPositive: readonly boolean[], cost: number, key: RandomKey): Float64Array {
  const w = new Float64Array(features);
  const multipliers = new Float64Array(isPositive.length); // the paper's α
  const product = (row: number, other: (feature: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < features; i++) sum += data[row * features + i]! * other(i);
    return sum;
  };
  const squares = Float64Array.from(isPositive, (_, row) => product(row, (i) => data[row * features + i]!));
  for (let pass = 0; pass < PASSES; pass++) {
    let largest = 0;
    for (const row of hostPermutation(key.fold(pass), isPositive.length)) {
      const sign = isPositive[row]! ? 1 : -1;
      const gradient = sign * product(row, (i) => w[i]!) - 1;
      const before = multipliers[row]!;
      const projected = before === 0 ? Math.min(gradient, 0) : before === cost ? Math.max(gradient, 0) : gradient;
      largest = Math.max(largest, Math.abs(projected));
      if (projected === 0 || squares[row] === 0) continue;
      const after = Math.min(cost, Math.max(0, before - gradient / squares[row]!));
      multipliers[row] = after;
      const step = sign * (after - before);
      for (let i = 0; i < features; i++) w[i]! += step * data[row * features + i]!;
    }
    if (largest < TOLERANCE) break;
  }
  return w;
}

// Ridge regression: linear functions with a penalty on their weights, in closed form.

import { scope, solve, tensor } from '@sinapse/core';
import type { Rows } from './linear-svm.ts';

/** Linear functions of features, with the values that they have at the mean of the targets. */
export interface LinearMap {
  /** `[features, outputs]`. */
  readonly weights: Float64Array;
  /** What is added, `[outputs]`. */
  readonly means: Float64Array;
}

/**
 * Minimises Σ |target - mean - wᵀ x|² + ridge · |w|², where the mean is that of the targets: (XᵀX + ridge I) w = Xᵀ (target - mean).
 * @param chosen the rows to learn from, at least one
 * @param targets for each chosen row
 */
export async function ridgeRegression(
  { data, features }: Rows,
  chosen: readonly number[],
  targets: readonly (readonly number[])[],
  ridge: number,
): Promise<LinearMap> {
  const outputs = targets[0]!.length;
  const means = new Float64Array(outputs);
  for (const target of targets) target.forEach((value, output) => (means[output]! += value / targets.length));
  const squares = new Float64Array(features * features);
  const products = new Float64Array(features * outputs);
  chosen.forEach((row, at) => {
    const x = data.slice(row * features, (row + 1) * features);
    for (let i = 0; i < features; i++) {
      for (let j = 0; j < features; j++) squares[i * features + j]! += x[i]! * x[j]!;
      for (let output = 0; output < outputs; output++) products[i * outputs + output]! += x[i]! * (targets[at]![output]! - means[output]!);
    }
  });
  for (let i = 0; i < features; i++) squares[i * (features + 1)]! += ridge;
  const { solved } = scope(() => ({ solved: solve(matrix(squares, features, features), matrix(products, features, outputs)).data() }));
  return { weights: Float64Array.from(await solved), means };
}

function matrix(values: Float64Array, rows: number, columns: number): ReturnType<typeof tensor> {
  return tensor(Float32Array.from(values), { shape: [rows, columns] });
}

/** The values of the functions for one row. */
export function valuesOf({ weights, means }: LinearMap, { data, features }: Rows, row: number): number[] {
  return Array.from(means, (mean, output) => {
    let sum = mean;
    for (let i = 0; i < features; i++) sum += data[row * features + i]! * weights[i * means.length + output]!;
    return sum;
  });
}

// The largest eigenvalues of a covariance on the device.

import type { Tensor } from '@sinapse/core';
import { RandomStream, matmul, randomKey, tensor } from '@sinapse/core';
import { valuesFrom } from '../inputs.ts';
import type { Eigen } from './symmetric-eigen.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Up to this size all eigenvalues are computed. */
const SMALL = 64;
/** Directions beyond those that are wanted, which let the last of them settle sooner. */
const SPARE = 10;
const MOST_ITERATIONS = 300;
/** Twice float32's rounding of a product with the matrix, relative to the largest eigenvalue. */
const SETTLED = 2e-6;

/**
 * The largest eigenvalues with their vectors: by Jacobi rotations of a small matrix, else by subspace iteration with Rayleigh-Ritz steps (Golub, Van Loan,
 * section 8.2.4). The products with the matrix run on the device.
 * @param matrix float32 `[n, n]`, symmetric and positive semi-definite
 */
export async function leadingEigen(matrix: Tensor, count: number): Promise<Eigen> {
  const n = matrix.shape[0]!;
  if (n <= SMALL) return first(symmetricEigen(await matrix.data(), n), count);
  const size = Math.min(n, count + SPARE);
  const random = new RandomStream(randomKey(0));
  let basis = orthonormal(Array.from({ length: size }, () => Float64Array.from({ length: n }, () => random.normal())));
  for (let iteration = 1; ; iteration++) {
    const images = await product(matrix, basis);
    const { values, vectors } = symmetricEigen(basis.flatMap((row) => images.map((image) => dot(row, image))), size); // prettier-ignore
    const turn = (rows: readonly Float64Array[]): Float64Array[] => vectors.map((weights) => combination(weights, rows));
    const [ritz, turned] = [turn(basis), turn(images)];
    const error = Math.max(...ritz.slice(0, count).map((vector, i) => residual(turned[i]!, vector, values[i]!)));
    if (error <= SETTLED * values[0]! || iteration === MOST_ITERATIONS) return first({ values, vectors: ritz }, count);
    basis = orthonormal(turned);
  }
}

function first({ values, vectors }: Eigen, count: number): Eigen {
  return { values: values.slice(0, count), vectors: vectors.slice(0, count) };
}

async function product(matrix: Tensor, rows: readonly Float64Array[]): Promise<Float64Array[]> {
  const n = matrix.shape[0]!;
  const flat = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  const images = await valuesFrom(() => matmul(tensor(flat, { shape: [rows.length, n] }), matrix));
  return rows.map((_, i) => Float64Array.from(images.subarray(i * n, (i + 1) * n)));
}

/** Gram-Schmidt, twice for each row, as once does not suffice for rows that are nearly dependent. A row that vanishes is left 0. */
function orthonormal(rows: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const given of rows) {
    const row = Float64Array.from(given);
    for (let round = 0; round < 2; round++)
      for (const other of basis) {
        const along = dot(row, other);
        for (let i = 0; i < row.length; i++) row[i]! -= along * other[i]!;
      }
    const length = Math.sqrt(dot(row, row));
    basis.push(length > 0 ? row.map((each) => each / length) : row);
  }
  return basis;
}

function combination(weights: Float64Array, rows: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(rows[0]!.length);
  rows.forEach((row, j) => {
    for (let i = 0; i < total.length; i++) total[i]! += weights[j]! * row[i]!;
  });
  return total;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, each, i) => total + each * b[i]!, 0);
}

/** |A v - λ v| */
function residual(image: Float64Array, vector: Float64Array, value: number): number {
  return Math.sqrt(image.reduce((total, each, i) => total + (each - value * vector[i]!) ** 2, 0));
}

// The orthogonal matrix nearest to a matrix, approximately, with nothing but matrix products.

import { add, div, matmul, matrixTranspose, mul, norm, scope } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';

/** A quintic whose repetition takes numbers within (0, 1] to about 1, the small ones fast. Jordan et al. 2024. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Keeps the quotient finite for a matrix of zeros. */
const SMALLEST = 1e-7;

/**
 * Makes all singular values of a matrix about 1 (0.7 to 1.2 after five steps) and keeps its singular vectors: X = M / ‖M‖, then X = A X + (B X Xᵀ
 * + C (X Xᵀ)²) X in every step. Jordan et al. 2024, "Muon".
 * @param matrix `[m, n]`
 * @param steps an integer >= 1
 */
export function newtonSchulz(matrix: Tensor, steps: number): Tensor {
  return scope(() => {
    const [rows, columns] = matrix.shape as readonly [number, number];
    const isTall = rows > columns;
    let x = div(matrix, add(norm(matrix), SMALLEST));
    if (isTall) x = matrixTranspose(x); // the products X Xᵀ are then the smaller ones
    for (let step = 0; step < steps; step++) {
      const gram = matmul(x, matrixTranspose(x));
      x = add(mul(x, A), matmul(add(mul(gram, B), mul(matmul(gram, gram), C)), x));
    }
    return isTall ? matrixTranspose(x) : x;
  });
}

// Matrix products: transposed, batched, of vectors.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import type { Shape } from '../contract/shape.ts';
import { dot, matmul, matrixTranspose } from './matmul.ts';
import { square } from './unary.ts';

interface Product {
  readonly a: Shape;
  readonly b: Shape;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const PRODUCTS: readonly Product[] = [
  { a: [2, 3], b: [3, 4] },
  { a: [3, 2], b: [3, 4], transposeA: true },
  { a: [2, 3], b: [4, 3], transposeB: true },
  { a: [3, 2], b: [4, 3], transposeA: true, transposeB: true },
  { a: [3], b: [3, 2] },
  { a: [2, 3], b: [3] },
  { a: [3], b: [3] },
  { a: [2, 2, 3], b: [2, 3, 2] },
  { a: [2, 2, 3], b: [3, 2] },
  { a: [2, 3], b: [2, 3, 2] },
  { a: [2, 1, 2, 3], b: [2, 3, 2] },
  { a: [2, 3, 2], b: [2, 2, 3], transposeA: true, transposeB: true },
  { a: [1, 3, 2], b: [2, 3, 2], transposeA: true },
  { a: [2, 2, 3], b: [1, 2, 3], transposeB: true },
];

export const matmulCases: OpCases = {
  matmul: [
    ...variants(
      PRODUCTS,
      (product) => `matmul ${JSON.stringify(product)}`,
      ({ a, b }) => [away(...a), away(...b)],
      ({ transposeA = false, transposeB = false }) =>
        (a, b) =>
          matmul(a, b, { transposeA, transposeB }),
    ),
    gradientCase('matmul of a tensor with itself', [away(3, 3)], (x) => matmul(x, x)),
  ],
  dot: [gradientCase('dot', [away(5), away(5)], (a, b) => dot(a, b))],
  matrixTranspose: [gradientCase('matrixTranspose', [away(2, 3, 4)], (x) => square(matrixTranspose(x)))],
};

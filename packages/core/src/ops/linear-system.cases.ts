// Systems of linear equations, with matrices that are far from singular.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { eye } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul } from './arithmetic.ts';
import { cast } from './cast.ts';
import { cholesky } from './cholesky.ts';
import { determinant, inverse, solve } from './linear-system.ts';
import { matmul } from './matmul.ts';
import { triangularSolve } from './triangular-solve.ts';

/** Its diagonal outweighs the rest of each row. */
const regular = (a: Tensor): Tensor => add(mul(a, 0.4), mul(cast(eye(3), a.dtype), 2));

export const linearSystemCases: OpCases = {
  solve: [gradientCase('solve', [away(2, 3, 3), away(3, 2)], (a, b) => solve(regular(a), b))],
  inverse: [gradientCase('inverse', [away(2, 3, 3)], (a) => inverse(regular(a)))],
  determinant: [gradientCase('determinant', [away(2, 3, 3)], (a) => mul(determinant(regular(a)), 0.1))],
  triangularSolve: [
    gradientCase('triangularSolve', [away(2, 3, 3), away(2, 3, 2)], (a, b) => triangularSolve(regular(a), b)),
    gradientCase('triangularSolve of the upper triangle', [away(3, 3), away(2, 3, 2)], (a, b) =>
      triangularSolve(regular(a), b, { upper: true }),
    ),
    gradientCase('triangularSolve transposed', [away(3, 3), away(3, 2)], (a, b) => triangularSolve(regular(a), b, { transposeA: true })),
  ],
  cholesky: [gradientCase('cholesky', [away(2, 3, 3)], (x) => cholesky(add(matmul(x, x, { transposeB: true }), cast(eye(3), x.dtype))))],
};

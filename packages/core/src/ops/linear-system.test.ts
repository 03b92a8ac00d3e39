// Solutions, inverses, determinants and factors: what they are defined by holds, also where elimination has to exchange rows.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { eye, ones, randomNormal, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul } from './arithmetic.ts';
import { cholesky } from './cholesky.ts';
import { determinant, inverse, solve } from './linear-system.ts';
import { matmul, matrixTranspose } from './matmul.ts';
import { broadcastTo } from './sum.ts';
import { lowerTriangle, upperTriangle } from './triangle.ts';
import { triangularSolve } from './triangular-solve.ts';

/** The determinant by its definition, expanded along the first row. */
function expanded(rows: readonly (readonly number[])[]): number {
  if (rows.length === 0) return 1;
  return rows[0]!.reduce((sum, value, j) => sum + (j % 2 === 0 ? 1 : -1) * value * expanded(rows.slice(1).map((row) => row.filter((_, i) => i !== j))), 0); // prettier-ignore
}

const backends: Record<string, () => Promise<Backend>> = {
  float64: async () => reference({ precision: 'float64' }),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (name, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  // The matrices have condition numbers below 1000: that many units in the last place are lost.
  const digits = name === 'float64' ? 10 : 3;
  const normal = (seed: number, ...shape: number[]): Tensor => randomNormal(shape, { seed });
  const expectClose = (found: Tensor, wanted: Tensor): void => {
    expect(found.shape).toEqual(wanted.shape);
    expect([...found.dataSync()]).toEqual([...wanted.dataSync()].map((value) => expect.closeTo(value, digits) as number));
  };

  test.each([1, 2, 5, 12])('solve and inverse of %d equations', (n) => {
    const [a, b] = [normal(n, 4, n, n), normal(7, n, 3)];
    expectClose(matmul(a, solve(a, b)), broadcastTo(b, [4, n, 3]));
    expectClose(matmul(inverse(a), a), broadcastTo(eye(n), [4, n, n]));
  });

  test('elimination exchanges rows where the diagonal is 0, or small', () => {
    const a = tensor([[0, 1, 0], [0, 0, 2], [4, 0, 0]]); // prettier-ignore
    expectClose(inverse(a), tensor([[0, 0, 0.25], [1, 0, 0], [0, 0.5, 0]])); // prettier-ignore
    expectClose(determinant(a), tensor(8));
    const small = tensor([[1e-20, 1], [1, 1]]); // prettier-ignore
    expectClose(solve(small, tensor([[1], [2]])), tensor([[1], [1]])); // prettier-ignore
  });

  test('determinants by expansion, of singular and empty matrices', () => {
    const a = normal(3, 2, 4, 4);
    const rows = Array.from({ length: 8 }, (_, i) => Array.from(a.dataSync().slice(4 * i, 4 * i + 4)));
    const wanted = [expanded(rows.slice(0, 4)), expanded(rows.slice(4))];
    expect([...determinant(a).dataSync()]).toEqual(wanted.map((value) => expect.closeTo(value, digits) as number));
    expectClose(determinant(tensor([[1, 2], [2, 4]])), tensor(0)); // prettier-ignore
    expectClose(determinant(zeros([2, 3, 3])), zeros([2]));
    expectClose(determinant(zeros([2, 0, 0])), ones([2]));
    // d det = det tr(a⁻¹ da): at the identity the gradient is the identity.
    expectClose(grad((x: Tensor) => determinant(x))(eye(3)), eye(3));
  });

  test('triangularSolve reads one triangle only', () => {
    const [a, b] = [add(normal(1, 4, 4), mul(eye(4), 3)), normal(2, 2, 4, 3)];
    const both = broadcastTo(b, [2, 4, 3]);
    expectClose(matmul(lowerTriangle(a), triangularSolve(a, b)), both);
    expectClose(matmul(upperTriangle(a), triangularSolve(a, b, { upper: true })), both);
    expectClose(matmul(matrixTranspose(lowerTriangle(a)), triangularSolve(a, b, { transposeA: true })), both);
    expectClose(matmul(matrixTranspose(upperTriangle(a)), triangularSolve(a, b, { upper: true, transposeA: true })), both);
  });

  test('cholesky is lower triangular, and its square is the matrix', () => {
    const x = normal(1, 3, 5, 5);
    const a = add(matmul(x, x, { transposeB: true }), eye(5));
    const l = cholesky(a);
    expectClose(matmul(l, l, { transposeB: true }), a);
    expectClose(lowerTriangle(l), l);
    expectClose(cholesky(tensor([[4, 99], [2, 5]])), tensor([[2, 0], [1, 2]])); // prettier-ignore
    expect([...cholesky(tensor([[-1]])).dataSync()]).toEqual([NaN]);
    expect(cholesky(zeros([0, 0])).shape).toEqual([0, 0]);
  });

  test('what is no system is refused', () => {
    expect(() => solve(ones([2, 3]), ones([2, 1]))).toThrow('solve: [2,3] is not a square matrix');
    expect(() => solve(eye(2), ones([3, 1]))).toThrow('solve: b must be […, 2, columns] for the 2 equations of [2,2], got [3,1]');
    expect(() => inverse(ones([2, 2], 'int32'))).toThrow('inverse: takes float32, got int32; cast it');
    // @ts-expect-error
    expect(() => triangularSolve(eye(2), ones([2, 1]), { lower: true })).toThrow('triangularSolve: lower is no option');
  });
});

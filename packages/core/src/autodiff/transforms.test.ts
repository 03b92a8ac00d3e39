// Jacobians, Hessians and their products with vectors, against closed forms.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { fused } from '../fused/fused.ts';
import { add, mul, sub } from '../ops/arithmetic.ts';
import { conv2d } from '../ops/conv2d.ts';
import { diagonalMatrix } from '../ops/diagonal.ts';
import { einsum } from '../ops/einsum.ts';
import { matmul } from '../ops/matmul.ts';
import { logSumExp, softmax } from '../ops/softmax.ts';
import { norm } from '../ops/norm.ts';
import { transpose } from '../ops/transpose.ts';
import { cos, exp, sin, square } from '../ops/unary.ts';
import { outer } from '../ops/vector-products.ts';
import { eye, ones, randomNormal, tensor, zeros } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { vmap } from '../batching/vmap.ts';
import { hvp, jvp, vjp } from './directional.ts';
import { grad, inference } from './gradient.ts';
import { hessian, jacobian } from './jacobian.ts';

const backends: Record<string, () => Promise<Backend>> = {
  float64: async () => reference({ precision: 'float64' }),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (name, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  // float32 results of a few dozen roundings of numbers of about 1; float64 ones to 12 digits.
  const digits = name === 'float64' ? 12 : 4;
  const normal = (seed: number, ...shape: number[]): Tensor => randomNormal(shape, { seed });
  const expectClose = (found: Tensor, wanted: Tensor): void => {
    expect(found.shape).toEqual(wanted.shape);
    expect([...found.dataSync()]).toEqual([...wanted.dataSync()].map((value) => expect.closeTo(value, digits) as number));
  };

  const rosenbrock = (p: Tensor): Tensor => {
    const [x, y] = [p.slice([0]), p.slice([1])];
    return add(square(sub(1, x)), mul(square(sub(y, square(x))), 100));
  };
  /** [[1200 x² - 400 y + 2, -400 x], [-400 x, 200]] */
  const rosenbrockHessian = (x: number, y: number): Tensor => tensor([[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200]]); // prettier-ignore

  test("Rosenbrock's Hessian, and its product with a vector", () => {
    for (const [x, y] of [[1, 1], [-0.5, 0.75], [0, 0]] as const) {
      const p = tensor([x, y]);
      expectClose(hessian(rosenbrock)(p), rosenbrockHessian(x, y));
      const v = tensor([2, -3]);
      expectClose(hvp(rosenbrock)(p, v), matmul(rosenbrockHessian(x, y), v));
    } // prettier-ignore
  });

  test('of a quadratic form x A x, the gradient is (A + Aᵀ) x and the Hessian A + Aᵀ', () => {
    const [a, x, v] = [normal(1, 4, 4), normal(2, 4), normal(3, 4)];
    const form = (t: Tensor, matrix: Tensor): Tensor => einsum('i,ij,j->', t, matrix, t);
    const symmetric = add(a, transpose(a));
    expectClose(jacobian(form)(x, a), matmul(symmetric, x));
    expectClose(hessian(form)(x, a), symmetric);
    expectClose(hvp(form)(x, v, a), matmul(symmetric, v));
    expectClose(jacobian(grad(form))(x, a), symmetric);
  });

  test('the Jacobian of softmax is diag(p) - p pᵀ, and so is the Hessian of logSumExp', () => {
    const x = normal(1, 5);
    const p = softmax(x);
    const wanted = sub(diagonalMatrix(p), outer(p, p));
    expectClose(jacobian((t: Tensor) => softmax(t))(x), wanted);
    expectClose(hessian((t: Tensor) => logSumExp(t))(x), wanted);
  });

  test('the Hessian of the norm is (I - u uᵀ) / |x|', () => {
    const x = tensor([3, -4, 12]);
    const u = x.div(13);
    expectClose(hessian((t: Tensor) => norm(t))(x), sub(eye(3), outer(u, u)).div(13));
  });

  test('a Jacobian has the axes of the result, then those of the argument', () => {
    const [a, x] = [normal(1, 2, 3), normal(2, 3, 4)];
    const j = jacobian((t: Tensor) => matmul(a, t))(x);
    expect(j.shape).toEqual([2, 4, 3, 4]);
    expectClose(j, einsum('ik,jl->ijkl', a, eye(4)));
    expectClose(jacobian((t: Tensor) => t.mul(0).add(ones([2])))(tensor(3)), zeros([2]));
    expectClose(jacobian(() => ones([2]))(x), zeros([2, 3, 4]));
    expect(jacobian((t: Tensor) => t.slice([{ end: 0 }]))(x).shape).toEqual([0, 4, 3, 4]);
  });

  test('Jacobians of fused formulas and convolutions', () => {
    const formula = fused((t: Tensor) => mul(sin(t), exp(t)));
    const x = normal(1, 4);
    const slope = mul(exp(x), add(sin(x), cos(x)));
    expectClose(jacobian(formula)(x), diagonalMatrix(slope));
    const [image, filter] = [normal(2, 1, 4, 4, 1), normal(3, 2, 2, 1, 1)];
    const j = jacobian((t: Tensor) => conv2d(image, t))(filter); // linear in the filter: J f = conv(image, f)
    expectClose(matmul(j.reshape([9, 4]), filter.reshape([4])), conv2d(image, filter).reshape([9]));
    const k = jacobian((t: Tensor) => conv2d(t, filter))(image);
    expectClose(matmul(k.reshape([9, 16]), image.reshape([16])), conv2d(image, filter).reshape([9]));
  });

  test('vjp and jvp are the products of the Jacobian with vectors', () => {
    const [a, b] = [normal(1, 2, 3), normal(2, 3, 2)];
    const f = (s: Tensor, t: Tensor): Tensor => sin(matmul(s, t));
    const [u, va, vb] = [normal(3, 2, 2), normal(4, 2, 3), normal(5, 3, 2)];
    const [ja, jb] = [jacobian(f)(a, b), jacobian((t: Tensor) => f(a, t))(b)];
    const back = vjp(f, [a, b], u);
    expectClose(back.value, f(a, b));
    expectClose(back.gradients[0]!, einsum('ij,ijkl->kl', u, ja));
    expectClose(back.gradients[1]!, einsum('ij,ijkl->kl', u, jb));
    const along = jvp(f, [a, b], [va, vb]);
    expectClose(along.value, f(a, b));
    expectClose(along.tangent, add(einsum('ijkl,kl->ij', ja, va), einsum('ijkl,kl->ij', jb, vb)));
    expectClose(jvp((s) => s, [a, b], [va, vb]).tangent, va);
    expectClose(jvp(() => ones([2]), [a], [va]).tangent, zeros([2]));
  });

  test('transforms nest with each other', () => {
    const x = normal(1, 3);
    const cubes = (t: Tensor): Tensor => mul(t, square(t));
    const curvature = (t: Tensor): Tensor => jvp((s) => jvp((r) => cubes(r), [s], [ones([3])]).tangent, [t], [ones([3])]).tangent;
    expectClose(curvature(x), x.mul(6));
    expectClose(grad((t: Tensor) => curvature(t).sum())(x), ones([3]).mul(6));
    // Jacobian of the diagonal of a Jacobian: 3 x² has the derivative 6 x.
    const slopes = (t: Tensor): Tensor => einsum('ii->i', jacobian(cubes)(t));
    expectClose(jacobian(slopes)(x), diagonalMatrix(x.mul(6)));
    const rows = normal(2, 4, 3);
    const many = vmap((t: Tensor) => hessian((s: Tensor) => logSumExp(s))(t))(rows);
    expect(many.shape).toEqual([4, 3, 3]);
    expectClose(many.slice([2]), hessian((s: Tensor) => logSumExp(s))(rows.slice([2])));
    expectClose(
      inference(() => hessian(rosenbrock)(tensor([1, 1]))),
      rosenbrockHessian(1, 1),
    );
  });

  test('nothing is left behind', () => {
    const [x, v] = [normal(1, 3), normal(2, 3)];
    const before = memory().tensors;
    hessian((t: Tensor) => logSumExp(t))(x).dispose();
    jacobian((t: Tensor) => softmax(t))(x).dispose();
    const { value, tangent } = jvp((t) => softmax(t), [x], [v]);
    for (const each of [value, tangent]) each.dispose();
    const back = vjp((t) => softmax(t), [x], v);
    for (const each of [back.value, ...back.gradients]) each.dispose();
    hvp((t: Tensor) => logSumExp(t))(x, v).dispose();
    expect(memory().tensors).toBe(before);
  });
});

test('what is wrong is said in one line, with the name of the transform', () => {
  use(reference());
  const x = ones([3]);
  expect(() => hessian((t: Tensor) => t)(x)).toThrow('hessian: the function must return a scalar, got [3]; reduce it with sum() or mean()');
  expect(() => jacobian((t: Tensor) => t.cast('int32'))(x)).toThrow('jacobian: the function must return a float tensor, got int32');
  expect(() => jacobian((t: Tensor) => t)(ones([3], 'int32'))).toThrow('jacobian: takes float32, got int32; cast it');
  expect(() => hvp((t: Tensor) => t.sum())(x, ones([2]))).toThrow('hvp: the vector must have shape [3], got [2]');
  expect(() => jvp((t) => t, [x], [])).toThrow('jvp: 0 directions for 1 arguments');
  expect(() => jvp((t) => t, [x], [ones([2])])).toThrow('jvp: direction 0 must have shape [3], got [2]');
  expect(() => vjp((t) => t.sum(), [x], x)).toThrow('vjp: the weights must have shape [], got [3]');
});

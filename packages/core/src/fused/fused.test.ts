// Formulas as programs: what they compute, how many kernels run, their gradients, and what is refused.

import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  add, cast, clip, erf, exp, fused, fusedUpdate, grad, greater, leakyRelu, memory, mul, pow, profile, record, relu, scope, sigmoid, sqrt, square, stopGradient, sub, sum, tanh, tensor, use, valueAndGrad, where, zeros,
} from '../index.ts'; // prettier-ignore
import type { Attrs, Tensor } from '../index.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

const values = (x: Tensor): number[] => [...x.dataSync()];

/** The kernel calls of a callback, without those that a lowering makes. */
function callsOf(callback: () => unknown): string[] {
  let inside = 0;
  const { calls } = scope(() => record(callback));
  void inside;
  return calls.map(({ kernel }) => kernel);
}

const GELU = (x: Tensor): Tensor => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));

describe('a formula', () => {
  test('gives what its ops give', () => {
    const x = tensor([[-2, -0.5, 0], [0.25, 1, 3]]); // prettier-ignore
    expect(values(fused(GELU)(x))).toEqual(values(GELU(x)));
  });

  test('smoke', () => {
    const gelu = fused(GELU);
    const x = tensor([-2, -0.5, 0, 0.3]);
    console.log(callsOf(() => gelu(x)), values(grad((y) => gelu(y).sum())(x)), values(grad((y) => GELU(y).sum())(x)));
    const second = (f: (x: Tensor) => Tensor) => values(grad((y) => square(grad((z) => f(z).sum())(y)).sum())(x));
    console.log(second(gelu), second(GELU));
    const f = fused((a: Tensor, b: Tensor, s: number) => [add(mul(a, b), s), where(greater(a, s), a, mul(b, s))]);
    const [p, q] = f(tensor([1, 2]), tensor([[1, 2], [3, 4]]), 1.5);
    console.log(String(p), String(q));
  });
});

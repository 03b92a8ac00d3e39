// Losses of predictions that are almost certain, impossible or undecided, against float64 formulas.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Backend, Tensor } from '@sinapse/core';
import { grad, tensor, use } from '@sinapse/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binaryCrossEntropy, softmaxCrossEntropy } from './cross-entropy.ts';
import { huber } from './regression.ts';

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

const U = 2 ** -24;
const sigma = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  const summed = { reduction: 'sum' } as const;
  const valueOf = (x: Tensor): number => x.dataSync()[0]!;

  test.each([0, 1, 0.25])(
    'binaryCrossEntropy, its gradient and curvature for the target %d: a relative 16 u for logits from -80 to 80',
    (t) => {
      const loss = (z: Tensor): Tensor => binaryCrossEntropy(z, tensor([t]), summed);
      const slope = grad(loss);
      const curvature = grad((z: Tensor) => slope(z).sum());
      for (const z of [-80, -20, -15, -12, -3, -0.5, -1e-7, 0, 1e-7, 0.5, 3, 12, 15, 20, 80]) {
        const at = tensor([z]);
        const close = (actual: Tensor, wanted: number, size = Math.abs(wanted)): void =>
          expect(Math.abs(valueOf(actual) - wanted), `${valueOf(actual)}, exactly ${wanted} at ${z}`).toBeLessThanOrEqual(16 * U * size);
        const x = Math.fround(z);
        close(loss(at), t * softplus(-x) + (1 - t) * softplus(x));
        close(slope(at), (1 - t) * sigma(x) - t * sigma(-x), (1 - t) * sigma(x) + t * sigma(-x));
        close(curvature(at), sigma(x) * sigma(-x));
      }
    },
  );

  test('an infinite logit costs nothing if it is right, and infinitely much if it is wrong', () => {
    const cost = (z: number, t: number): number => valueOf(binaryCrossEntropy(tensor([z]), tensor([t])));
    const slope = (z: number, t: number): number => valueOf(grad((x: Tensor) => binaryCrossEntropy(x, tensor([t])))(tensor([z])));
    expect([cost(Infinity, 1), cost(-Infinity, 0), cost(Infinity, 0), cost(-Infinity, 1)]).toEqual([0, 0, Infinity, Infinity]);
    expect([slope(Infinity, 1), slope(-Infinity, 0), slope(Infinity, 0), slope(-Infinity, 1)]).toEqual([0, 0, 1, -1].map((s) => expect.closeTo(s))); // prettier-ignore
  });

  test('a class that is ruled out, with a logit of -infinity and the target 0, does not count; by class number alike', () => {
    const logits = tensor([[1, 2, -Infinity]]);
    const expected = Math.log1p(Math.exp(-1));
    const rest = sigma(-1);
    for (const target of [tensor([[0, 1, 0]]), tensor([1], { dtype: 'int32' })]) {
      const loss = (z: Tensor): Tensor => softmaxCrossEntropy(z, target);
      expect(valueOf(loss(logits))).toBeCloseTo(expected, 6);
      [rest, -rest, 0].forEach((wanted, i) => expect(grad(loss)(logits).dataSync()[i]).toBeCloseTo(wanted, 6));
    }
    expect(valueOf(softmaxCrossEntropy(logits, tensor([[0, 0.5, 0.5]])))).toBe(Infinity);
    const towards = grad((t: Tensor) => softmaxCrossEntropy(logits, t))(tensor([[0, 1, 0]])).dataSync();
    [1 + expected, expected, 0].forEach((wanted, i) => expect(towards[i]).toBeCloseTo(wanted, 5));
  });

  test('a class that is almost certain has a loss with digits of its own, for one-hot rows and class numbers', () => {
    for (const margin of [12, 20, 80]) {
      const logits = tensor([[0, margin]]);
      for (const target of [tensor([[0, 1]]), tensor([1], { dtype: 'int32' })]) expect(valueOf(softmaxCrossEntropy(logits, target)) / Math.log1p(Math.exp(-margin))).toBeCloseTo(1, 5); // prettier-ignore
    }
  });

  test('huber is e² / 2 around 0 with all derivatives', () => {
    const loss = (x: Tensor): Tensor => huber(x, tensor([0]));
    const slope = grad(loss);
    for (const e of [0, 1e-3, -1e-3]) {
      expect(valueOf(slope(tensor([e])))).toBeCloseTo(e, 9);
      expect(valueOf(grad((x: Tensor) => slope(x).sum())(tensor([e])))).toBe(1);
    }
  });
});

// Norms of extreme gradients, and gradients that do not count.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Backend } from '@sinapse/core';
import { Parameter, scope, tensor, use, zeros } from '@sinapse/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clipByGlobalNorm, globalNorm } from './clipping.ts';
import { sgd } from './sgd.ts';

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  test.each([1e-38, 1e-30, 1, 1e19, 5e37])('gradients of size %d keep their direction', (size) => {
    const gradients = [tensor([[3 * size]]), tensor([0, 4 * size])];
    expect(globalNorm(gradients).dataSync()[0]! / size).toBeCloseTo(5, 5);
    const limit = Math.fround(size) / 2;
    const clipped = clipByGlobalNorm(gradients, limit).flatMap((g) => [...g.dataSync()]);
    [0.3, 0, 0.4].forEach((wanted, i) => expect(clipped[i]! / size).toBeCloseTo(wanted, 5));
  });

  test('the value of the list of faults; gradients of 0 stay', () => {
    expect([...clipByGlobalNorm([tensor([3e19, 4e19])], 5)[0]!.dataSync()]).toEqual([expect.closeTo(3, 5), expect.closeTo(4, 5)]);
    expect([...clipByGlobalNorm([zeros([2])], 5)[0]!.dataSync()]).toEqual([0, 0]);
  });

  test.each([1000, NaN, Infinity])('the gradient %d of a frozen parameter does not count in the norm', (frozen) => {
    scope(() => {
      const parameters = [new Parameter(tensor([0, 0])), new Parameter(tensor([0])), new Parameter(tensor([0]))];
      parameters[1]!.trainable = false;
      const weights = { decay: (parameter: Parameter) => parameter === parameters[2], weightDecay: 0.1 };
      sgd({ learningRate: 1, clipNorm: 5, ...weights }).step(parameters, [tensor([30, 0]), tensor([frozen]), tensor([-40])]);
      const values = parameters.flatMap(({ tensor: held }) => [...held.dataSync()]);
      [-3, 0, 0, 4].forEach((wanted, i) => expect(values[i]).toBeCloseTo(wanted, 5));
    });
  });
});

// Penalties and constraints in `fit`.

import { reference } from '@sinapse/backend-reference';
import { tensor, use } from '@sinapse/core';
import { activityRegularization, dense, sequential } from '@sinapse/layers';
import type { WeightOptions } from '@sinapse/layers';
import { meanSquaredError } from '@sinapse/layers/losses';
import { sgd } from '@sinapse/optimizers';
import { beforeAll, expect, test } from 'vitest';
import type { BatchSource } from './index.ts';
import { evaluate, fit } from './index.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const [xs, ys] = [[1, 2, -1, 0.5], [2, 3, -1, 2]] as const; // prettier-ignore
const mean = (f: (x: number, y: number) => number): number => xs.reduce((sum, x, i) => sum + f(x, ys[i]!), 0) / xs.length;

const data: BatchSource = {
  length: 1,
  async *iterate() {
    const column = (values: readonly number[]) => ({
      data: Float32Array.from(values),
      shape: [values.length, 1],
      dtype: 'float32' as const,
    });
    yield await Promise.resolve({ x: column(xs), y: column(ys) });
  },
};

/** Fits y = w x by 300 steps of gradient descent over all examples: each step reduces the distance to the minimum at least by half. */
async function fitted(options: WeightOptions, strength = {}): Promise<{ w: number; loss: number; ofData: number }> {
  const layer = dense({ units: 1, useBias: false, ...options });
  const model = sequential([layer, activityRegularization(strength)]);
  model.build([1], 3);
  layer.kernel!.assign(tensor([[0.1]]));
  const { history } = await fit(model, data, { optimizer: sgd({ learningRate: 0.2 }), loss: meanSquaredError, epochs: 300 });
  const { loss: ofData } = await evaluate(model, data, { loss: meanSquaredError });
  return { w: layer.kernel!.value.dataSync()[0]!, loss: history.at(-1)!.loss, ofData };
}

// The minima of mean (w x - y)² + penalty, by setting the derivative to 0. Rounding in float64, and 2^-300 of the way left.
test('the kernel of least penalised loss is that of ridge regression', async () => {
  const { w, loss, ofData } = await fitted({ kernelRegularizer: { l2: 0.25 } });
  const expected = mean((x, y) => x * y) / (mean((x) => x * x) + 0.25);
  expect(w).toBeCloseTo(expected, 12);
  expect(ofData).toBeCloseTo(
    mean((x, y) => (expected * x - y) ** 2),
    12,
  );
  expect(loss).toBeCloseTo(ofData + 0.25 * expected ** 2, 12); // training tells the sum, evaluation the loss of the data
});

test('the kernel of least loss with l1 is shrunk by a constant', async () => {
  const { w } = await fitted({ kernelRegularizer: { l1: 0.25 } });
  expect(w).toBeCloseTo((mean((x, y) => x * y) - 0.125) / mean((x) => x * x), 12);
});

test('a penalty on the activity is part of the loss', async () => {
  const { w, loss, ofData } = await fitted({}, { l2: 0.5 });
  const expected = mean((x, y) => x * y) / (1.5 * mean((x) => x * x));
  expect(w).toBeCloseTo(expected, 12);
  expect(loss).toBeCloseTo(ofData + 0.5 * mean((x) => (expected * x) ** 2), 12);
});

test('a constraint holds after every step', async () => {
  expect((await fitted({ kernelConstraint: { name: 'maxNorm', limit: 0.75 } })).w).toBeCloseTo(0.75, 12);
  expect((await fitted({ kernelConstraint: (w) => w.mul(0) })).w).toBe(0);
});

test('frozen parameters are neither penalised nor constrained', async () => {
  const frozen = dense({ units: 1, kernelRegularizer: { l2: 1 }, kernelConstraint: 'nonNegative' });
  const model = sequential([frozen, dense({ units: 1 })]);
  model.build([1], 3);
  frozen.kernel!.assign(tensor([[-3]]));
  frozen.kernel!.trainable = false;
  const { history } = await fit(model, data, { optimizer: sgd({ learningRate: 1e-9 }), loss: meanSquaredError, epochs: 1 });
  expect(frozen.kernel!.value.dataSync()[0]).toBe(-3);
  const { loss } = await evaluate(model, data, { loss: meanSquaredError });
  expect(history[0]!.loss).toBeCloseTo(loss, 6); // the step is almost none; the penalty would add 9
});

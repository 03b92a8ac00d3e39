// Compares the update rules with their formulas, written here for one number in float64.

import { Parameter, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AdamOptions } from './adam.ts';
import { adam, adamW } from './adam.ts';
import type { SgdOptions } from './sgd.ts';
import { sgd } from './sgd.ts';
import type { SlotOptimizer } from './slot-optimizer.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

/** Values that are exact in float32, the dtype of the tensors. */
const gradients = [0.5, -2, 2 ** -10, 3, 0, -0.25, 1, 1, -1, 4];

/** The parameter after each step of the optimizer. */
function run(optimizer: SlotOptimizer, initial = 1.5): number[] {
  const parameter = new Parameter(tensor([initial]));
  return gradients.map((g) => {
    optimizer.step([parameter], [tensor([g])]);
    return parameter.tensor.dataSync()[0]!;
  });
}

function expectClose(actual: number[], expected: number[]): void {
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12));
}

describe('sgd', () => {
  test.each<SgdOptions>([
    {},
    { learningRate: 0.1 },
    { learningRate: 0.1, weightDecay: 0.3 },
    { learningRate: 0.1, momentum: 0.9 },
    { learningRate: 0.1, momentum: 0.5, nesterov: true, weightDecay: 0.01 },
  ])('%j', (options) => {
    const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay = 0 } = options;
    let p = 1.5;
    let v = 0;
    const expected = gradients.map((gradient) => {
      const g = gradient + weightDecay * p;
      v = momentum * v + g;
      return (p -= (learningRate as number) * (nesterov ? g + momentum * v : v));
    });
    expectClose(run(sgd(options)), expected);
  });

  test("the lecture's momentum, W(t+1) = W(t) + α (W(t) - W(t-1)) - (1 - α) η g, is sgd with learning rate (1 - α) η", () => {
    const [alpha, eta] = [0.8, 0.05];
    let [p, before] = [1.5, 1.5];
    const expected = gradients.map((g) => {
      const next = p + alpha * (p - before) + (1 - alpha) * (-eta * g);
      [p, before] = [next, p];
      return p;
    });
    expectClose(run(sgd({ momentum: alpha, learningRate: (1 - alpha) * eta })), expected);
  });
});

describe.each(['adam', 'adamW'] as const)('%s', (name) => {
  test.each<AdamOptions>([{}, { learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 0.01 }, { weightDecay: 0.2 }, { amsgrad: true }])(
    '%j',
    (options) => {
      const decoupled = name === 'adamW';
      const {
        learningRate = 0.001,
        beta1 = 0.9,
        beta2 = 0.999,
        epsilon = 1e-8,
        weightDecay = decoupled ? 0.01 : 0,
        amsgrad = false,
      } = options;
      const rate = learningRate as number;
      let [p, m, v, largest] = [1.5, 0, 0, 0];
      const expected = gradients.map((gradient, i) => {
        const g = decoupled ? gradient : gradient + weightDecay * p;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        largest = amsgrad ? Math.max(largest, v) : v;
        const mHat = m / (1 - beta1 ** (i + 1));
        const vHat = largest / (1 - beta2 ** (i + 1));
        if (decoupled) p -= rate * weightDecay * p;
        return (p -= (rate * mHat) / (Math.sqrt(vHat) + epsilon));
      });
      expectClose(run(name === 'adam' ? adam(options) : adamW(options)), expected);
    },
  );
});

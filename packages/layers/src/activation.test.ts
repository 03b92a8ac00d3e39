import { Context, mul, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActivationName } from './activation-option.ts';
import { activationNames } from './activation-option.ts';
import { activation } from './activation.ts';

beforeAll(() => void use(reference()));

const points = [-3, -1, -0.25, 0, 0.5, 2];

/** Φ, the distribution function of the normal distribution, by its series; accurate to 1e-12 for |x| <= 3. */
function normalDistribution(x: number): number {
  let term = x;
  let total = x;
  for (let k = 1; k < 60; k++) {
    term *= (-x * x) / (2 * k);
    total += term / (2 * k + 1);
  }
  return 0.5 + total / Math.sqrt(2 * Math.PI);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const total = points.reduce((sum, x) => sum + Math.exp(x), 0);

const formulas: Record<Exclude<ActivationName, 'maxout'>, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  leakyRelu: (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  sigmoid,
  tanh: Math.tanh,
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  softmax: (x) => Math.exp(x) / total,
  softplus: (x) => Math.log1p(Math.exp(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  gelu: (x) => x * normalDistribution(x),
  swish: (x) => x * sigmoid(x),
  step: (x) => (x > 0 ? 1 : 0),
  relu6: (x) => Math.min(Math.max(0, x), 6),
  celu: (x) => (x > 0 ? x : Math.expm1(x)),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x * sigmoid(x),
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  logSoftmax: (x) => x - Math.log(total),
  exponential: Math.exp,
  hardSigmoid: (x) => Math.min(Math.max(0, x / 6 + 0.5), 1),
  hardSwish: (x) => x * Math.min(Math.max(0, x / 6 + 0.5), 1),
  hardTanh: (x) => Math.min(Math.max(-1, x), 1),
  hardShrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
  softShrink: (x) => Math.sign(x) * Math.max(0, Math.abs(x) - 0.5),
  threshold: (x) => (x > 1 ? x : 0),
};

describe('activation', () => {
  test.each(Object.entries(formulas) as [ActivationName, (x: number) => number][])('%s is its formula', (name, formula) => {
    const layer = activation(name);
    expect(layer.build([6])).toEqual([6]);
    const y = layer.call(tensor([points]), new Context()).dataSync();
    points.forEach((x, i) => expect(y[i]).toBeCloseTo(formula(x), 6));
  });

  test('every name is covered here', () => {
    expect([...Object.keys(formulas), 'maxout'].sort()).toEqual([...activationNames].sort());
  });

  test('takes a parameter', () => {
    const call = (option: Parameters<typeof activation>[0]) => [
      ...activation(option)
        .call(tensor([[-2, 1, 3, 4]]), new Context())
        .dataSync(),
    ];
    expect(call({ name: 'leakyRelu', alpha: 0.5 })).toEqual([-1, 1, 3, 4]); // max(αx, x)
    expect(call({ name: 'elu', alpha: 0 })[0]).toBeCloseTo(0, 12);
    expect(call({ name: 'celu', alpha: 2 })[0]).toBeCloseTo(2 * Math.expm1(-1), 6);
    expect(call({ name: 'hardShrink', limit: 2 })).toEqual([0, 0, 3, 4]);
    expect(call({ name: 'softShrink', limit: 1.5 })).toEqual([-0.5, 0, 1.5, 2.5]);
    expect(call({ name: 'threshold', theta: 2, value: -1 })).toEqual([-1, -1, 3, 4]);
    expect(call({ name: 'softmax', axis: 0 })).toEqual([1, 1, 1, 1]); // over a batch of one
    expect(call({ name: 'logSoftmax', axis: [0] })).toEqual([0, 0, 0, 0]);
    expect(call({ name: 'maxout' })).toEqual([1, 4]);
    expect(call('maxout')).toEqual([1, 4]);
    const bounded = activation('relu6').call(tensor([-1, 0, 5.5, 6, 6.5, NaN]), new Context());
    expect([...bounded.dataSync()]).toEqual([0, 0, 5.5, 6, 6, NaN]);
    expect(call({ name: 'maxout', pieces: 4 })).toEqual([4]);
    expect(activation({ name: 'maxout', pieces: 4 }).build([3, 8])).toEqual([3, 2]);
  });

  test("takes a function of one's own", () => {
    const layer = activation((x) => mul(x, 2));
    expect([...layer.call(tensor([[1, 2]]), new Context()).dataSync()]).toEqual([2, 4]);
  });

  test('refuses a name that is not known', () => {
    expect(() => activation('sigmod' as 'sigmoid')).toThrow('activation: activation sigmod is not known; did you mean sigmoid?');
    expect(() => activation('constructor' as 'relu')).toThrow('constructor is not known; there are linear, relu');
    expect(() => activation({ name: 'leakyRelu', alpha: -1 }).build([1])).toThrow(
      'leakyRelu: alpha: expected a finite number >= 0, got -1',
    );
    expect(() => activation({ name: 'maxout', pieces: 3 }).build([4])).toThrow('maxout: 4 channels do not divide into groups of 3');
  });
});

// What the lectures say of small networks: XOR needs a hidden layer, a constant learns the mean, one hidden layer approximates a sine.

import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { Context, Parameter, scope, tensor, use, valueAndGrad, parametersOf } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { dense, initializers, sequential } from '@sinapse/layers';
import { binaryCrossEntropy, meanSquaredError } from '@sinapse/layers/losses';
import type { SlotOptimizer } from '@sinapse/optimizers';
import { adam, sgd } from '@sinapse/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(async () => void use(await cpu({ threads: 1 })));

/** Steps over all examples at once; returns the last loss. */
function train(parameters: readonly Parameter[], loss: () => Tensor, optimizer: SlotOptimizer, steps: number): number {
  let last = NaN;
  for (let i = 0; i < steps; i++) {
    scope(() => {
      const { value, gradients } = valueAndGrad(loss, parameters);
      optimizer.step(parameters, gradients);
      last = value.dataSync()[0]!;
    });
  }
  return last;
}

function built(layers: Layer[], inputs: number, seed: number): { model: Layer; parameters: Parameter[] } {
  const model = sequential(layers);
  model.build([inputs], seed);
  return { model, parameters: parametersOf(model).map(({ cell }) => cell) };
}

describe('XOR', () => {
  const corners = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore
  const answers = [0, 1, 1, 0];
  const hidden = () => dense({ units: 4, activation: 'tanh' });

  function learn(layers: Layer[]): { loss: number; right: number } {
    const { model, parameters } = built(layers, 2, 3);
    const [x, y] = [tensor(corners), tensor(answers.map((answer) => [answer]))];
    const loss = train(parameters, () => binaryCrossEntropy(model.call(x, new Context()), y), adam({ learningRate: 0.05 }), 400);
    const logits = model.call(x, new Context()).dataSync();
    return { loss, right: answers.filter((answer, i) => logits[i]! > 0 === (answer === 1)).length };
  }

  test('is beyond one layer: its least loss is that of guessing, ln 2, and it never gets all four right', () => {
    const { loss, right } = learn([dense({ units: 1 })]);
    expect(loss).toBeGreaterThan(Math.LN2 - 1e-6); // convex, with the minimum at weights of 0
    expect(right).toBeLessThan(4);
  });

  test.each([
    ['two layers', () => [hidden(), dense({ units: 1 })]],
    ['three layers', () => [hidden(), hidden(), dense({ units: 1 })]],
  ])('is learned by %s', (_, layers) => {
    const { loss, right } = learn(layers());
    expect(right).toBe(4);
    expect(loss).toBeLessThan(0.05);
  });
});

test('f(x) = a with the cost E[(y - a)²] learns the mean', () => {
  const ys = [3, -1, 4, 1, -5, 9];
  const a = new Parameter(tensor(0));
  const loss = (): Tensor => meanSquaredError(a.value.add(tensor(ys).mul(0)), tensor(ys));
  train([a], loss, sgd({ learningRate: 0.25 }), 60); // each step halves the distance: 2^-60 of it is left
  expect(a.value.dataSync()[0]).toBeCloseTo(ys.reduce((sum, y) => sum + y, 0) / ys.length, 6);
});

test('one hidden layer approximates a sine to 0.05 everywhere, also between the points it has seen', () => {
  const wide = initializers.normal({ deviation: 2 }); // steps at different places
  const first = dense({ units: 24, activation: 'tanh', kernelInitializer: wide, biasInitializer: wide });
  const { model, parameters } = built([first, dense({ units: 1 })], 1, 1);
  const points = (count: number): number[] => Array.from({ length: count }, (_, i) => -3 + (6 * i) / (count - 1));
  const column = (values: number[]): Tensor => tensor(values.map((value) => [value]));
  const seen = points(41);
  const [x, y] = [column(seen), column(seen.map((each) => Math.sin(2 * each)))];
  const rate = (step: number): number => 0.03 * (1 - step / 1500);
  train(parameters, () => meanSquaredError(model.call(x, new Context()), y), adam({ learningRate: rate }), 1500);
  const between = points(193);
  const said = model.call(column(between), new Context()).dataSync();
  expect(Math.max(...between.map((each, i) => Math.abs(said[i]! - Math.sin(2 * each))))).toBeLessThan(0.05);
});

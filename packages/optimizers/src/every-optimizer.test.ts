// What holds for every optimizer of the list: it goes on from a saved state bit for bit, skips, holds its memory, and reaches a minimum.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Backend, Optimizer } from '@sinapse/core';
import { Parameter, memory, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOptimizer, optimizerNames } from './create.ts';

/** Options that give an optimizer all of its slots. */
const WITH_ALL_SLOTS: Readonly<Record<string, object>> = {
  sgd: { momentum: 0.9 },
  adam: { amsgrad: true },
  adamW: { amsgrad: true },
  rmsProp: { momentum: 0.9, centered: true, epsilon: 0.1 },
};

const variants = optimizerNames.flatMap((name) => [
  { name, options: {} },
  ...(WITH_ALL_SLOTS[name] === undefined ? [] : [{ name, options: WITH_ALL_SLOTS[name] }]),
  { name, options: { clipNorm: 1, weightDecay: 0.1, decay: ({ shape }: Parameter) => shape.length > 1 } },
]);

const parametersOfThree = () =>
  scope(() => [new Parameter(tensor([1, 2, 3])), new Parameter(tensor([[4, -1, 2], [5, 3, -2]])), new Parameter(tensor([0.5]))]); // prettier-ignore
const gradientsOf = (step: number) => [
  tensor([0.5, -1, 2 + step]),
  tensor([[Math.sin(step), -0.25, 1], [0.5, step, -1]]),
  tensor([-0.125 * step]),
]; // prettier-ignore
const valuesOf = (parameters: readonly Parameter[]) => parameters.map(({ tensor: held }) => [...held.dataSync()]);
const slotsOf = (optimizer: Optimizer) =>
  scope(() => Object.entries(optimizer.state().slots).map(([name, list]) => [name, list.map((slot) => [...slot.dataSync()])]));
const steps = (optimizer: Optimizer, parameters: readonly Parameter[], from: number, to: number) => {
  for (let i = from; i < to; i++) scope(() => optimizer.step(parameters, gradientsOf(i)));
};

let wasm: Backend;
beforeAll(async () => {
  wasm = await cpu({ engine: 'wasm', threads: 1 });
});
afterAll(() => wasm.close());

describe.each(['reference', 'wasm'])('on %s', (backend) => {
  beforeAll(() => void use(backend === 'wasm' ? wasm : reference({ poison: true })));

  describe.each(variants)('$name $options', ({ name, options }) => {
    const make = () => createOptimizer(name, { learningRate: 0.05, ...options });

    test('goes on from a saved state bit for bit', () => {
      const [first, second] = [make(), make()];
      const parameters = parametersOfThree();
      steps(first, parameters, 0, 5);
      const saved = first.state();
      const twins = scope(() => parameters.map(({ tensor: held, shape }) => new Parameter(tensor(held.dataSync(), { shape }))));
      steps(first, parameters, 5, 9);
      second.restore(saved);
      expect(second.state().step).toBe(5);
      expect(slotsOf(second)).toEqual(scope(() => Object.entries(saved.slots).map(([slot, list]) => [slot, list.map((each) => [...each.dataSync()])]))); // prettier-ignore
      for (const slot of Object.values(saved.slots).flat()) slot.dispose();
      steps(second, twins, 5, 9);
      expect(valuesOf(twins)).toEqual(valuesOf(parameters));
      expect(slotsOf(second)).toEqual(slotsOf(first));
    });

    test('a state of before the first step is one to begin with', () => {
      const fresh = make();
      fresh.restore(make().state());
      const [one, two] = [parametersOfThree(), parametersOfThree()];
      steps(fresh, one, 0, 3);
      steps(make(), two, 0, 3);
      expect(valuesOf(one)).toEqual(valuesOf(two));
      expect(valuesOf(one)).not.toEqual(valuesOf(parametersOfThree()));
    });

    test('a step that is skipped changes nothing', () => {
      const optimizer = make();
      const parameters = parametersOfThree();
      steps(optimizer, parameters, 0, 2);
      const before = [valuesOf(parameters), slotsOf(optimizer)];
      scope(() => {
        const spoilt = [tensor([NaN, Infinity, 1]), tensor([[NaN, 1, 1], [1, 1, 1]]), tensor([-Infinity])]; // prettier-ignore
        optimizer.step(parameters, spoilt, { skip: tensor([true]).reshape([]) });
      });
      expect([valuesOf(parameters), slotsOf(optimizer)]).toEqual(before);
      scope(() => optimizer.step(parameters, gradientsOf(1), { skip: tensor([false]).reshape([]) }));
      expect(valuesOf(parameters)).not.toEqual(before[0]);
    });

    test('memory stays, a snapshot too, and a frozen parameter', () => {
      const optimizer = make();
      const parameters = parametersOfThree();
      parameters[0]!.trainable = false;
      const [frozen, snapshot] = [valuesOf(parameters)[0], parameters[1]!.value];
      const begin = [...snapshot.dataSync()];
      steps(optimizer, parameters, 0, 2);
      const before = memory();
      steps(optimizer, parameters, 2, 6);
      expect(memory()).toEqual(before);
      expect([...snapshot.dataSync()]).toEqual(begin);
      expect(valuesOf(parameters)[0]).toEqual(frozen);
      expect(valuesOf(parameters)[1]).not.toEqual(begin);
    });
  });
});

test.each(optimizerNames)('%s lowers a quadratic loss to a hundredth', (name) => {
  use(wasm);
  const parameters = scope(() => [new Parameter(tensor([[5, -3], [1, 2]])), new Parameter(tensor([2, -1]))]); // prettier-ignore
  const loss = () => parameters[0]!.value.sub(1).square().sum().add(parameters[1]!.value.add(1).square().mul(2).sum());
  const first = loss().dataSync()[0]!;
  const steps = 300;
  const scale: Readonly<Record<string, number>> = { adaGrad: 20, adaDelta: 1000, radam: 3, quickprop: 0.1 };
  const learningRate = (step: number) => 0.05 * (scale[name] ?? 1) * (1 - step / steps);
  const optimizer = createOptimizer(name, { learningRate, ...(name === 'muon' && { rest: createOptimizer('adamW', { learningRate }) }) });
  for (let i = 0; i < steps; i++) scope(() => optimizer.step(parameters, valueAndGrad(loss, parameters).gradients));
  expect(loss().dataSync()[0]! / first).toBeLessThan(0.01);
});

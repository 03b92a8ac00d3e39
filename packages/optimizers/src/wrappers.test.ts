// Wrappers of optimizers: their formulas, and that each goes on from a saved state bit for bit.

import { reference } from '@sinapse/backend-reference';
import type { Optimizer } from '@sinapse/core';
import { Parameter, memory, scope, tensor, use } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { accumulate, adam, adamW, grouped, lookAhead, movingAverage, sgd, stochasticAverage } from './index.ts';

beforeEach(() => void use(reference({ poison: true })));

const makeParameters = () => scope(() => [new Parameter(tensor([1, 2, 3])), new Parameter(tensor([[4, -1]]))]); // prettier-ignore
const gradientsOf = (step: number) => [tensor([0.5, -step, 2]), tensor([[Math.sin(step), 0.25]])];
const values = (parameters: readonly Parameter[]) => parameters.map(({ tensor: held }) => [...held.dataSync()]);
const slots = (optimizer: Optimizer) =>
  scope(() => Object.entries(optimizer.state().slots).map(([name, list]) => [name, list.map((slot) => [...slot.dataSync()])]));
const run = (optimizer: Optimizer, parameters: readonly Parameter[], from: number, to: number) => {
  for (let i = from; i < to; i++) scope(() => optimizer.step(parameters, gradientsOf(i)));
};
/** What is held, without what the backend's pool keeps. */
const live = () => {
  const { tensors, storages, bytes } = memory();
  return { tensors, storages, bytes };
};
/** A model of named parts for patterns. */
const modelOf = ([kernel, bias]: readonly Parameter[]) => ({ dense: { kernel: kernel!, bias: bias! } });

const makers: Readonly<Record<string, (parameters: readonly Parameter[]) => Optimizer>> = {
  'accumulate': () => accumulate(adam({ learningRate: 0.1 }), 3),
  'accumulate of look-ahead': () => accumulate(lookAhead(adam({ learningRate: 0.1 }), { every: 2 }), 2),
  'lookAhead': () => lookAhead(sgd({ learningRate: 0.1, momentum: 0.9 }), { every: 3 }),
  'movingAverage': () => movingAverage(adam({ learningRate: 0.1 })),
  'stochasticAverage': () => stochasticAverage(adam({ learningRate: 0.1 }), { start: 2, every: 2 }),
  'grouped': (parameters) =>
    grouped(modelOf(parameters), [{ parameters: '*bias', optimizer: sgd({ momentum: 0.9 }) }], { rest: adamW(), clipNorm: 1 }),
  'movingAverage of grouped': (parameters) =>
    movingAverage(grouped(modelOf(parameters), [{ parameters: (one) => one.shape.length > 1, optimizer: adam() }], { rest: sgd() })),
}; // prettier-ignore

describe.each(Object.entries(makers))('%s', (_, make) => {
  test('goes on from a saved state bit for bit', () => {
    const parameters = makeParameters();
    const first = make(parameters);
    run(first, parameters, 0, 7);
    const saved = first.state();
    const twins = scope(() => parameters.map(({ tensor: held, shape }) => new Parameter(tensor(held.dataSync(), { shape }))));
    const second = make(twins);
    second.restore(saved);
    for (const slot of Object.values(saved.slots).flat()) slot.dispose();
    expect(slots(second)).toEqual(slots(first)); // before the first step, too
    run(first, parameters, 7, 13);
    run(second, twins, 7, 13);
    expect(values(twins)).toEqual(values(parameters));
    expect(slots(second)).toEqual(slots(first));
    expect(second.state().step).toBe(13);
  });

  test('a skipped step changes nothing, whichever it is, and memory stays', () => {
    const parameters = makeParameters();
    const optimizer = make(parameters);
    run(optimizer, parameters, 0, 4); // all slots exist
    let held = live(); // at a place of the periods that the last step has, too
    for (let i = 4; i < 17; i++) {
      const before = [values(parameters), slots(optimizer)];
      const { step, slots: kept } = optimizer.state();
      scope(() => optimizer.step(parameters, [tensor([NaN, 1, 1]), tensor([[Infinity, 1]])], { skip: tensor([true]).reshape([]) }));
      expect([values(parameters), slots(optimizer)]).toEqual(before);
      optimizer.restore({ step, slots: kept });
      for (const slot of Object.values(kept).flat()) slot.dispose();
      run(optimizer, parameters, i, i + 1);
      if (i === 4) held = live();
    }
    expect(live()).toEqual(held);
  });
});

test('accumulate makes the step of the mean gradient', () => {
  const [pieces, whole] = [makeParameters(), makeParameters()];
  const optimizer = accumulate(sgd({ learningRate: 0.5 }), 2);
  run(optimizer, pieces, 0, 1);
  expect(values(pieces)).toEqual(values(whole));
  run(optimizer, pieces, 1, 2);
  const mean = gradientsOf(0).map((gradient, i) => gradient.add(gradientsOf(1)[i]!).div(2));
  sgd({ learningRate: 0.5 }).step(whole, mean);
  values(pieces).flat().forEach((value, i) => expect(value).toBeCloseTo(values(whole).flat()[i]!, 6)); // prettier-ignore
});

test('lookAhead moves slow weights half of the way, as its paper says', () => {
  const parameter = new Parameter(tensor([1]));
  const optimizer = lookAhead(sgd({ learningRate: 0.1 }), { every: 2, share: 0.5 });
  let [slow, fast] = [1, 1];
  for (let step = 1; step <= 6; step++) {
    optimizer.step([parameter], [tensor([step])]);
    fast -= 0.1 * step;
    if (step % 2 === 0) fast = slow += 0.5 * (fast - slow);
    expect(parameter.tensor.dataSync()[0]).toBeCloseTo(fast, 6);
  }
});

test('movingAverage and stochasticAverage follow their formulas; swap changes back and forth', () => {
  const [one, two] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  const ema = movingAverage(sgd({ learningRate: 1 }), { decay: 0.8, warmUp: false });
  const swa = stochasticAverage(sgd({ learningRate: 1 }), { start: 1, every: 2 });
  let [weight, average] = [1, 1];
  const counted: number[] = [];
  for (let step = 1; step <= 5; step++) {
    ema.step([one], [tensor([step])]);
    swa.step([two], [tensor([step])]);
    weight -= step;
    average += 0.2 * (weight - average);
    if (step > 1 && (step - 1) % 2 === 0) counted.push(weight);
  }
  ema.swap([one]);
  swa.swap([two]);
  expect(one.tensor.dataSync()[0]).toBeCloseTo(average, 5);
  expect(two.tensor.dataSync()[0]).toBeCloseTo(counted.reduce((sum, value) => sum + value, 0) / counted.length, 5);
  ema.swap([one]);
  expect(one.tensor.dataSync()[0]).toBe(weight);
});

test('grouped gives each parameter to the first group it belongs to, and clips all together', () => {
  const parameters = makeParameters();
  const optimizer = grouped(modelOf(parameters), [{ parameters: 'dense/bias', optimizer: sgd({ learningRate: 10 }) }], {
    rest: sgd({ learningRate: 1 }),
    clipNorm: 1,
  });
  optimizer.step(parameters, [tensor([2, 0, 0]), tensor([[0, 1]])]);
  const norm = Math.sqrt(5);
  values(parameters).flat().forEach((value, i) => expect(value).toBeCloseTo([1 - 2 / norm, 2, 3, 4, -1 - 10 / norm][i]!, 5)); // prettier-ignore
  expect(String(optimizer)).toContain('grouped(sgd(');
});

test('refuse what cannot be', () => {
  const parameters = makeParameters();
  const shared = sgd();
  expect(() => accumulate('adam' as never, 2)).toThrow('accumulate: optimizer: expected an optimizer, e.g. adam(), got "adam"');
  expect(() => accumulate(sgd(), 0)).toThrow('accumulate: count: expected an integer >= 1, got 0');
  expect(() => lookAhead(sgd(), { share: 2 })).toThrow('lookAhead: share: expected a number above 0 and up to 1, got 2');
  expect(() => movingAverage(sgd(), { decay: 1 })).toThrow('movingAverage: decay: expected a number within [0, 1), got 1');
  expect(() => movingAverage(sgd()).swap(parameters)).toThrow('movingAverage: swap: 2 parameters, but 0 averages; make a step first');
  expect(() => lookAhead(sgd()).restore(sgd().state())).toThrow('lookAhead: the state has other slots: expected one slow, got none');
  expect(() => grouped(modelOf(parameters), [{ parameters: 'convolution*', optimizer: sgd() }], { rest: adam() })).toThrow(
    'grouped: no parameter of the model has a path like convolution*',
  );
  expect(() => grouped(modelOf(parameters), [{ parameters: '*bias', optimizer: shared }], { rest: shared })).toThrow(
    'grouped: one optimizer is given for two groups; make one for each',
  );
  expect(() => grouped(modelOf(parameters), [], {} as never)).toThrow('grouped: rest: expected an optimizer, e.g. adam()');
  const other = grouped(modelOf(parameters), [], { rest: sgd() });
  expect(() => other.restore(adam().state())).toThrow('grouped: the state has other slots: expected none, got m, v');
  expect(() => other.step(parameters, [])).toThrow('grouped: 2 parameters, but 0 gradients');
});

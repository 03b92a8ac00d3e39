// What a callback sees of a step's gradients, and when.

import { memory, use } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { double } from '@sinapse/backend-testkit';
import { reference } from '@sinapse/backend-reference';
import { beforeEach, expect, test } from 'vitest';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../test/tiny.ts';
import type { Callback } from './index.ts';
import { checkpointing, fit } from './index.ts';

beforeEach(() => void use(reference()));

const settings = (...callbacks: Callback[]) => ({ optimizer: new Momentum(0.5), loss: crossEntropy, epochs: 1, callbacks });
const values = (tensor: Tensor) => [...tensor.dataSync()];

test('gradients and the weights before come first, the weights after them once the update is made', async () => {
  const model = new Linear(5, 3);
  const seen: { step: number; paths: string[]; before: number[]; gradient: number[]; after: number[]; counted: number }[] = [];
  const watching: Callback = {
    wantsGradients: (globalStep) => globalStep === 1,
    onGradients: ({ globalStep, parameters, gradients }, session) => {
      const before = values(parameters[0]!.cell.value);
      const gradient = values(gradients[0]!);
      return () => {
        const after = values(parameters[0]!.cell.value);
        seen.push({ step: globalStep, paths: parameters.map(({ path }) => path), before, gradient, after, counted: session.globalStep });
      };
    },
  };
  await fit(model, clusters(), settings(watching));
  expect(seen).toHaveLength(1);
  const [{ step, paths, before, gradient, after, counted }] = seen as [(typeof seen)[0]];
  expect({ step, paths, counted }).toEqual({ step: 1, paths: ['kernel', 'bias'], counted: 1 });
  // The first step of momentum is the learning rate times the gradient.
  before.forEach((value, i) => expect(after[i]).toBeCloseTo(value - 0.5 * gradient[i]!, 6));
  expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.01);
});

test('watching changes no bit and keeps no memory', async () => {
  const watching: Callback = {
    wantsGradients: () => true,
    onGradients: ({ parameters, gradients }) => {
      const before = parameters.map(({ cell }) => cell.value);
      gradients.forEach((gradient) => gradient.mul(2));
      return () => before.forEach((value, i) => parameters[i]!.cell.value.sub(value));
    },
  };
  const run = async (...callbacks: Callback[]) => {
    const model = new Linear(5, 3);
    const before = memory().tensors;
    await fit(model, clusters(), settings(...callbacks));
    return { bits: bitsOf(model), left: memory().tensors - before };
  };
  expect(await run(watching)).toEqual(await run());
});

test('an error before the update leaves the weights as they were; one after it reaches the caller, too', async () => {
  for (const late of [false, true]) {
    const model = new Linear(5, 3);
    const before = bitsOf(model);
    const fails = () => {
      throw new Error('full');
    };
    const failing: Callback = { wantsGradients: () => true, onGradients: () => (late ? fails : fails()) };
    await expect(fit(model, clusters(), settings(failing))).rejects.toThrow(/^full$/);
    expect(JSON.stringify(bitsOf(model)) === JSON.stringify(before)).toBe(!late);
  }
});

test('on a device that answers late, gradients are those of the step', async () => {
  const read: Promise<ArrayLike<number>>[] = [];
  const watching: Callback = { wantsGradients: () => true, onGradients: ({ gradients }) => void read.push(gradients[1]!.data()) };
  await fit(new Linear(5, 3), clusters(), settings(watching));
  const immediate = (await Promise.all(read.splice(0))).map((gradient) => Array.from(gradient));
  use(double());
  await fit(new Linear(5, 3), clusters(), settings(watching));
  expect((await Promise.all(read)).map((gradient) => Array.from(gradient))).toEqual(immediate);
});

test('a checkpoint is taken after the other callbacks, wherever it stands in the list', async () => {
  const order: string[] = [];
  const save = () => void order.push('saved');
  const other: Callback = { onEpoch: () => void order.push('epoch') };
  await fit(new Linear(5, 3), clusters(), settings(checkpointing({ save }), other));
  expect(order).toEqual(['saved', 'epoch', 'saved']);
});

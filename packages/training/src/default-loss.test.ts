// The loss that `train` chooses for whole numbers as targets of a model of one output.

import { cpu } from '@sinapse/backend-cpu';
import { tensor, use } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { sgd } from '@sinapse/optimizers';
import { beforeAll, expect, test } from 'vitest';
import { predict, train } from './index.ts';

beforeAll(async () => void use(await cpu({ threads: 1 })));

const x = [[1], [2], [3], [4]];

/** A model whose answer is 0 at first. */
const zero = (activation?: 'sigmoid' | 'tanh') =>
  sequential([dense({ units: 1, kernelInitializer: () => Float32Array.of(0), ...(activation && { activation }) })]);

const once = { epochs: 1, batchSize: 4, shuffle: false };

/** The mean of the squares of targets: the squared error of the answer 0. */
const meanSquare = (y: readonly number[]) => y.reduce((sum, value) => sum + value ** 2, 0) / y.length;

test.each([[[10, 20, 30, 40]], [[0, 1, 2, 3]], [[-1, 1, 1, -1]], [[2, 2, 2, 2]]])('%j are quantities', async (y) => {
  for (const targets of [y, { data: Int32Array.from(y), shape: [4] }, { data: Int32Array.from(y), shape: [4, 1] }])
    expect((await train(zero(), { x, y: targets, ...once })).history[0]!.loss).toBe(meanSquare(y));
  expect((await train(zero('tanh'), { x, y, ...once })).history[0]!.loss).toBe(meanSquare(y));
  await expect(train(zero('sigmoid'), { x, y, ...once })).rejects.toThrow(
    'train: whole numbers as targets of a model of one output are answers, 0 or 1; for quantities leave the sigmoid out',
  );
});

test('a line through whole numbers is found', async () => {
  const model = zero();
  await train(model, { x, y: [10, 20, 30, 40], epochs: 200, batchSize: 4, optimizer: sgd({ learningRate: 0.1 }) });
  const { data } = await predict(model, tensor([[5]]));
  expect(data[0]).toBeCloseTo(50, 0);
});

test.each([[undefined], ['sigmoid' as const]])('0 and 1 alone are answers, at the end %s', async (activation) => {
  expect((await train(zero(activation), { x, y: [0, 1, 1, 0], ...once })).history[0]!.loss).toBeCloseTo(Math.LN2, 6);
});

test.each([[undefined], ['sigmoid' as const]])('of batches, other whole numbers are refused, at the end %s', async (activation) => {
  const batch = (y: Int32Array) => ({ x: { data: Float32Array.of(1, 2), shape: [2, 1] }, y: { data: y, shape: [2] } });
  const batches = [batch(Int32Array.of(0, 1)), batch(Int32Array.of(1, 7))];
  const [data, first, validation] = [batches, batches.slice(0, 1), batches.slice(1)] as unknown as readonly never[];
  await expect(train(zero(activation), { data: data!, epochs: 1 })).rejects.toThrow(
    'epoch 1, step 2: the target 7: whole numbers as targets',
  );
  await expect(train(zero(activation), { data: first!, validation: validation!, epochs: 1 })).rejects.toThrow(
    'epoch 1, validation: batch 1: the target 7',
  );
});

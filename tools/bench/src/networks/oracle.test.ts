// The oracle, written in plain ops, gives the same results as the layers, zoo and optimizers of the packages.

import { reference } from '@sinapse/backend-reference';
import { inference, scope, tensor, use } from '@sinapse/core';
import { expect, test } from 'vitest';
import { integers, uniform, weightsOf } from '../problem/numbers.ts';
import type { OptimizerChoice, TrainingTask } from '../problem/task.ts';
import { modelOf, trainerOf } from '../runners/sinapse-models.ts';
import type { Network } from './network.ts';
import { survey } from './network.ts';
import { densenet121, googlenet, mobilenetv2, squeezenet } from './classic.ts';
import { lenet5, mlp, resnet20 } from './networks.ts';
import { logitsOf, lossesOf } from './oracle.ts';

const adam: OptimizerChoice = { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const momentum: OptimizerChoice = { name: 'momentum', learningRate: 0.1, momentum: 0.9 };
const batch = 4;
/** ResNet-20 with fewer pixels: the same layers, a sixteenth of the work. */
const smallResnet20: Network = { ...resnet20, input: [8, 8, 3] };

function problem(network: Network): ReturnType<typeof weightsOf> {
  return new Map([
    ...weightsOf(network),
    ['x', { shape: [batch, ...network.input], data: uniform('x', [batch, ...network.input]) }],
    ['labels', { shape: [batch], data: integers('labels', [batch], 10) }],
  ]);
}

const plain = (arrays: ReturnType<typeof problem>): Map<string, Float32Array | Int32Array> =>
  new Map([...arrays].map(([name, { data }]) => [name, data]));

test.each([
  ['mlp, Adam', mlp, adam],
  ['LeNet-5, Adam', lenet5, adam],
  ['ResNet-20, momentum', smallResnet20, momentum],
])('losses of three training steps on a part of the batch: %s', (_, network, optimizer) => {
  use(reference());
  const arrays = problem(network);
  const task: TrainingTask = { kind: 'training', network, batch, checkBatch: 2, checkSteps: 3, optimizer };
  const step = trainerOf(task, plain(arrays), 2);
  const losses = Array.from({ length: 3 }, () => scope(() => step().dataSync()[0]!));
  const expected = lossesOf(task, arrays);
  expect(new Set(expected).size).toBe(3);
  losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 4)); // float32, with sums in another order
});

const run: readonly Network[] = [smallResnet20, { ...squeezenet, input: [32, 32, 3] }];
const runInFull: readonly Network[] = [mobilenetv2, googlenet, densenet121].map((network) => ({ ...network, input: [32, 32, 3] }));

test.each([...run, ...(process.env['SINAPSE_TEST_TIER'] === 'full' ? runInFull : [])])('logits of $name', (network) => {
  use(reference());
  const arrays = problem(network);
  const { model, context } = modelOf(network, plain(arrays), false);
  const x = tensor(arrays.get('x')!.data, { shape: [batch, ...network.input] });
  const logits = inference(() => model.call(x, context)).dataSync();
  const expected = logitsOf({ kind: 'inference', network, batch }, arrays, 2);
  expect(expected).toHaveLength(2 * survey(network).output[0]!);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => expect(Math.abs(logits[i]! - value)).toBeLessThan(1e-5 * scale));
});

test('a network that the zoo has otherwise is refused', () => {
  use(reference());
  const other = { ...lenet5, steps: lenet5.steps.slice(0, -1) };
  expect(() => modelOf(other, plain(problem(other)), false)).toThrow('lenet5 has 10 parameters in @sinapse/zoo, 8 in the benchmark');
});

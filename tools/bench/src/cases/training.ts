// Training steps: forward pass, backward pass and optimizer on one batch.

import type { Network } from '../networks/network.ts';
import { survey } from '../networks/network.ts';
import { lenet5, mlp, resnet20 } from '../networks/networks.ts';
import { lossesOf } from '../networks/oracle.ts';
import { integers, uniform, weightsOf } from '../problem/numbers.ts';
import type { OptimizerChoice, TrainingTask } from '../problem/task.ts';
import type { BenchCase } from './bench-case.ts';

const BATCH = 128;
const CLASSES = 10;
/**
 * For the losses of the first steps, before rounding errors grow: in float32 the first is right to 1e-6. A wrong gradient, momentum or
 * correction changes the second or third digit of the second and third loss.
 */
const TOLERANCE = 1e-3;

/** The defaults of Kingma and Ba 2015. */
const adam: OptimizerChoice = { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

function training(title: string, network: Network, optimizer: OptimizerChoice): BenchCase {
  const task: TrainingTask = { kind: 'training', network, batch: BATCH, checkBatch: 8, checkSteps: 3, optimizer };
  return {
    name: `${network.name}-training`,
    title: `${title} training, batch ${BATCH}`,
    task,
    unit: 'images/s',
    flops: 3 * BATCH * survey(network).flops, // each of the two gradients costs as much as the forward pass
    items: BATCH,
    tolerance: TOLERANCE,
    arrays: () =>
      new Map([
        ...weightsOf(network),
        ['x', { shape: [BATCH, ...network.input], data: uniform(`${network.name}/x`, [BATCH, ...network.input]) }],
        ['labels', { shape: [BATCH], data: integers(`${network.name}/labels`, [BATCH], CLASSES) }],
      ]),
    expected: (arrays) => ({ losses: { values: lossesOf(task, arrays) } }),
  };
}

export const trainingCases: readonly BenchCase[] = [
  training('MLP 784-128-10 (Adam)', mlp, adam),
  training('LeNet-5 (Adam)', lenet5, adam),
  training('ResNet-20 for CIFAR (momentum)', resnet20, { name: 'momentum', learningRate: 0.1, momentum: 0.9 }),
];

// Training steps: a batch forward, back, and the optimizer.

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
 * The losses of the first steps, before rounding errors have grown: float32 gives 1e-6 at the first. A wrong gradient, momentum or correction shows in
 * the second and third in the second or third digit.
 */
const TOLERANCE = 1e-3;

/** The defaults of the paper (Kingma and Ba 2015). */
const adam: OptimizerChoice = { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

function training(title: string, network: Network, optimizer: OptimizerChoice): BenchCase {
  const task: TrainingTask = { kind: 'training', network, batch: BATCH, checkBatch: 8, checkSteps: 3, optimizer };
  return {
    name: `${network.name}-training`,
    title: `${title} training, batch ${BATCH}`,
    task,
    unit: 'images/s',
    flops: 3 * BATCH * survey(network).flops, // both gradients cost what the way forward does
    images: BATCH,
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

// Recurrent networks: training on whole sequences, and reading one sequence step by step.

import { lastStateOf, sequenceLossesOf } from '../networks/sequence-oracle.ts';
import type { Arrays } from '../problem/numbers.ts';
import { uniform } from '../problem/numbers.ts';
import type { Cell, RecurrentNetwork, SequenceStepsTask, SequenceTrainingTask } from '../problem/task.ts';
import type { BenchCase } from './bench-case.ts';

const [BATCH, TIME, INPUTS, UNITS] = [32, 100, 64, 256];
const GATES: Readonly<Record<Cell, number>> = { rnn: 1, lstm: 4, gru: 3 };
const TITLES: Readonly<Record<Cell, string>> = { rnn: 'SimpleRNN', lstm: 'LSTM', gru: 'GRU' };

/** As for the training of other networks: the first losses, before rounding errors grow. */
const TOLERANCE = 1e-3;

function weightsOf({ cell, inputs, units }: RecurrentNetwork): Arrays {
  const columns = GATES[cell] * units;
  // Of variance 1 / units, so that states neither vanish nor saturate over the steps.
  const drawn = (name: string, shape: readonly number[], size: number) =>
    [name, { shape, data: uniform(`${cell}/${name}`, shape).map((x) => x * size) }] as const;
  return new Map([
    drawn('kernel', [inputs, columns], units ** -0.5),
    drawn('recurrentKernel', [units, columns], units ** -0.5),
    drawn('bias', [columns], 0.1),
    ...(cell === 'gru' ? [drawn('recurrentBias', [columns], 0.1)] : []),
  ]);
}

/** Multiply-adds of a step, two operations each. */
const flopsOfStep = ({ cell, inputs, units }: RecurrentNetwork): number => 2 * (inputs + units) * GATES[cell] * units;

const numbers = (name: string, shape: readonly number[]) => [name, { shape, data: uniform(`sequence/${name}`, shape) }] as const;

function training(cell: Cell): BenchCase {
  const network = { cell, inputs: INPUTS, units: UNITS };
  const optimizer = { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const task: SequenceTrainingTask = { kind: 'sequenceTraining', network, batch: BATCH, time: TIME, checkBatch: 2, checkTime: 8, checkSteps: 3, optimizer }; // prettier-ignore
  return {
    name: `${cell}-training`,
    title: `${TITLES[cell]} ${INPUTS} → ${UNITS} training, ${TIME} steps, batch ${BATCH} (Adam)`,
    task,
    unit: 'tokens/s',
    flops: 3 * BATCH * TIME * flopsOfStep(network),
    items: BATCH * TIME,
    tolerance: TOLERANCE,
    arrays: () =>
      new Map([
        ...weightsOf(network),
        numbers('x', [BATCH, TIME, INPUTS]),
        numbers('target', [BATCH, TIME, UNITS]),
        numbers('xCheck', [task.checkBatch, task.checkTime, INPUTS]),
        numbers('targetCheck', [task.checkBatch, task.checkTime, UNITS]),
      ]),
    expected: (arrays) => ({ losses: { values: sequenceLossesOf(task, arrays) } }),
  };
}

function steps(cell: Cell): BenchCase {
  const network = { cell, inputs: INPUTS, units: UNITS };
  const task: SequenceStepsTask = { kind: 'sequenceSteps', network, time: TIME };
  return {
    name: `${cell}-steps`,
    title: `${TITLES[cell]} ${INPUTS} → ${UNITS} step by step, ${TIME} steps, batch 1`,
    task,
    unit: 'tokens/s',
    flops: TIME * flopsOfStep(network),
    items: TIME,
    tolerance: TOLERANCE,
    arrays: () => new Map([...weightsOf(network), numbers('x', [TIME, INPUTS])]),
    expected: (arrays) => ({ h: { values: lastStateOf(task, arrays) } }),
  };
}

export const sequenceCases: readonly BenchCase[] = (['lstm', 'gru', 'rnn'] as const).flatMap((cell) => [training(cell), steps(cell)]);

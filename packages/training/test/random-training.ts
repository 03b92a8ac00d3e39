// Trainings at random: any layer, optimizer, schedule and callbacks, drawn from a plan of plain values, so that the same plan makes the same training.

import type { Optimizer } from '@sinapse/core';
import { randomKey } from '@sinapse/core';
import type { Layer, Sequential } from '@sinapse/layers';
import { dense, flatten, reshape, sequential } from '@sinapse/layers';
import { Draws, layerCases } from '@sinapse/layers/cases';
import type { OptimizerName, PlateauSchedule, Schedule } from '@sinapse/optimizers';
import { accumulate, cosineRestarts, createOptimizer, exponentialDecay, lookAhead, movingAverage, onPlateau, optimizerNames, stepDecay, stochasticAverage, warmUp } from '@sinapse/optimizers'; // prettier-ignore
import fc from 'fast-check';
import type { Callback } from '../src/index.ts';
import { averagedWeights, bestWeights, earlyStopping, gradientHealth, reduceOnPlateau } from '../src/index.ts';

const layers = layerCases.map(({ name }) => name);

export interface Plan {
  readonly seed: number;
  /** The layers between dense ones. */
  readonly layers: readonly string[];
  readonly optimizer: OptimizerName;
  readonly schedule: 'none' | 'step' | 'exponential' | 'restarts' | 'warm-up' | 'plateau';
  readonly wrapper: 'none' | 'accumulate' | 'lookAhead' | 'movingAverage' | 'stochasticAverage';
  readonly clip: boolean;
  readonly callbacks: readonly ('bestWeights' | 'earlyStopping' | 'gradientHealth')[];
  readonly batchSize: number;
  readonly weighted: boolean;
  /** The steps, over all parts of the training, after which it is killed. */
  readonly kills: readonly number[];
  readonly everySteps: number;
  /** Whether the device answers late. */
  readonly late: boolean;
}

export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(1e6),
  layers: fc.array(fc.constantFrom(...layers), { minLength: 1, maxLength: 3 }),
  optimizer: fc.constantFrom(...optimizerNames),
  schedule: fc.constantFrom<Plan['schedule'][]>('none', 'step', 'exponential', 'restarts', 'warm-up', 'plateau'),
  wrapper: fc.constantFrom<Plan['wrapper'][]>('none', 'accumulate', 'lookAhead', 'movingAverage', 'stochasticAverage'),
  clip: fc.boolean(),
  callbacks: fc.subarray<Plan['callbacks'][number]>(['bestWeights', 'earlyStopping', 'gradientHealth']),
  batchSize: fc.integer({ min: 2, max: 5 }),
  weighted: fc.boolean(),
  kills: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  everySteps: fc.integer({ min: 1, max: 4 }),
  late: fc.constantFrom(true, false, false, false), // its kernels are those of the reference
});

/** Numbers in an example. */
export const INPUTS = 5;
export const CLASSES = 3;

/** A network of the plan's layers, each between dense ones that give it the shape it takes. */
export function modelOf({ layers: names, seed }: Plan): Sequential {
  const blocks = names.flatMap((name, i): Layer[] => {
    const { layer, inputShape, batch } = layerCases.find((each) => each.name === name)!.draw(new Draws(randomKey(seed).fold(i)));
    if (batch !== undefined) return []; // it takes no floats of a layer before it
    const size = inputShape.reduce((product, length) => product * length, 1);
    return [flatten(), dense({ units: size, activation: 'tanh' }), reshape(inputShape), layer];
  });
  const model = sequential([...blocks, flatten(), dense({ units: CLASSES })]);
  model.build([INPUTS], seed);
  return model;
}

/** The optimizer and the callbacks of the plan, made afresh. */
export function settingsOf(plan: Plan): { readonly optimizer: Optimizer; readonly callbacks: Callback[] } {
  const plateau = onPlateau({ initial: 0.01, factor: 0.5, patience: 1 });
  const rate = scheduleOf(plan, plateau);
  const inner = createOptimizer(plan.optimizer, { ...(rate && { learningRate: rate }), ...(plan.clip && plan.optimizer !== 'quickprop' && { clipNorm: 0.5 }) }); // prettier-ignore
  const callbacks = plan.callbacks.map((name): Callback => {
    if (name === 'bestWeights') return bestWeights({ monitor: 'loss' });
    return name === 'earlyStopping' ? earlyStopping({ monitor: 'loss', patience: 1 }) : gradientHealth({ write: () => {} });
  });
  if (plan.schedule === 'plateau') callbacks.push(reduceOnPlateau(plateau, { monitor: 'loss' }));
  switch (plan.wrapper) {
    case 'none':
      return { optimizer: inner, callbacks };
    case 'accumulate':
      return { optimizer: accumulate(inner, 2), callbacks };
    case 'lookAhead':
      return { optimizer: lookAhead(inner, { every: 2 }), callbacks };
    case 'movingAverage':
    case 'stochasticAverage': {
      const average =
        plan.wrapper === 'movingAverage' ? movingAverage(inner, { decay: 0.9 }) : stochasticAverage(inner, { start: 2, every: 2 });
      return { optimizer: average, callbacks: [...callbacks, averagedWeights(average)] };
    }
  }
}

function scheduleOf({ schedule }: Plan, plateau: PlateauSchedule): Schedule | PlateauSchedule | undefined {
  switch (schedule) {
    case 'none':
      return undefined;
    case 'step':
      return stepDecay({ initial: 0.02, factor: 0.5, every: 3 });
    case 'exponential':
      return exponentialDecay({ initial: 0.02, factor: 0.5, every: 3 });
    case 'restarts':
      return cosineRestarts({ initial: 0.02, period: 3 });
    case 'warm-up':
      return warmUp(3, 0.02);
    case 'plateau':
      return plateau;
  }
}

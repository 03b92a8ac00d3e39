// How the learning rate changes during a training.

import type { Optimizer } from '@sinapse/core';
import { constant, cooldown, cosineDecay, createOptimizer, defaultLearningRate } from '@sinapse/optimizers';
import type { Schedule } from '@sinapse/optimizers';
import type { Settings } from './settings.ts';

/** Schedules by name: each is made from the first step's rate and the total number of steps. */
const schedules: Readonly<Record<string, (initial: number, steps: number) => Schedule>> = {
  cooldown: (initial, steps) => cooldown({ initial, steps }),
  cosine: (initial, steps) => cosineDecay({ initial, steps }),
  constant,
};

export const scheduleNames: readonly string[] = Object.keys(schedules);

/** The optimizer of a training. @param steps total number, steps before a resumption included */
export function optimizerOf(
  { optimizer, learningRate, schedule }: Pick<Settings, 'optimizer' | 'learningRate' | 'schedule'>,
  steps: number,
): Optimizer {
  const initial = learningRate ?? defaultLearningRate(optimizer);
  return createOptimizer(optimizer, { learningRate: schedules[schedule]!(initial, steps) });
}

// Schedules one after another.

import type { Check } from '@sinapse/core';
import { check, checkValue } from '@sinapse/core';
import type { LearningRate, Schedule } from '../schedules.ts';
import { rateOrSchedule, scheduleOf } from '../schedules.ts';

/** A part of a sequence: a rate or schedule, and for how many steps it holds, an integer >= 1. */
export type Phase = readonly [learningRate: LearningRate, steps: number];

const PHASES: Check = {
  expected: 'a list of one phase or more, [rate or schedule, number of steps]',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((phase) => Array.isArray(phase) && phase.length === 2 && rateOrSchedule.accepts(phase[0]) && check.count.accepts(phase[1])),
};

/**
 * Schedules in turn, each of which counts its steps from its own beginning; the last one goes on.
 *
 *     sequence([[0.1, 1000], [cosineDecay({ initial: 0.1, steps: 9000 }), 9000]])
 */
export function sequence(phases: readonly Phase[]): Schedule {
  checkValue('sequence: phases', phases, PHASES);
  const schedules = phases.map(([rate, steps]) => ({ rate: scheduleOf('sequence', rate), steps }));
  return (step) => {
    let since = step;
    let at = 0;
    while (at < schedules.length - 1 && since >= schedules[at]!.steps) since -= schedules[at++]!.steps;
    return schedules[at]!.rate(since);
  };
}

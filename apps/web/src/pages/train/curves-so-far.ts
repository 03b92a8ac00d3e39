// The curves of a training as the page has heard of them, and those of the training before until the first step of the next.

import { batch, signal } from '@preact/signals';
import type { Measured, TrainReport } from './report.ts';

/** The loss of steps, thinned out beyond `MOST_POINTS`. */
interface LossCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** What a training has shown. */
export interface Shown {
  readonly losses: LossCurve;
  readonly measured: readonly Measured[];
}

const nothing: Shown = { losses: { steps: [], values: [] }, measured: [] };

export const losses = signal(nothing.losses);
export const measured = signal(nothing.measured);

/** What the training before has shown; nothing once the next has made a step. */
export const before = signal(nothing);

/** More points than a curve has pixels are only slow. */
const MOST_POINTS = 1200;

let stride = 1;

/** Adds what a report brings. After a training went back to a checkpoint, its steps stand in place of those that were lost. */
export function addToCurves({ losses: values, globalStep, measured: tested }: TrainReport): void {
  if (tested.length > 0) measured.value = [...measured.value, ...tested];
  if (values.length === 0) return;
  before.value = nothing;
  const first = globalStep - values.length + 1;
  const kept = losses.value.steps.findLastIndex((step) => step < first) + 1;
  const given = Array.from(values, (value, i) => ({ step: first + i, value })).filter(({ step }) => step % stride === 0);
  let steps = [...losses.value.steps.slice(0, kept), ...given.map(({ step }) => step)];
  let all = [...losses.value.values.slice(0, kept), ...given.map(({ value }) => value)];
  while (steps.length > MOST_POINTS) {
    stride *= 2;
    const keep = steps.map((step) => step % stride === 0);
    [steps, all] = [steps.filter((_, i) => keep[i]), all.filter((_, i) => keep[i])];
  }
  losses.value = { steps, values: all };
}

/** What the current training has shown. */
export const shownNow = (): Shown => ({ losses: losses.value, measured: measured.value });

/** Begins new curves, or goes on with those of a training that is brought back. The ones so far are kept in `before`. */
export function beginCurves({ losses: begun, measured: tested }: Shown = nothing): void {
  const { steps } = begun;
  stride = steps.length > 1 ? steps[1]! - steps[0]! : 1;
  batch(() => {
    if (losses.value.steps.length > 0 || measured.value.length > 0) before.value = shownNow();
    losses.value = begun;
    measured.value = tested;
  });
}

/** The curves as a table of comma-separated values: the losses of steps, and what was measured after the step of each line. */
export function curvesAsCsv({ losses: { steps, values }, measured: tested }: Shown, stepsPerEpoch: number): string {
  const rows = [
    ...steps.map((step, i) => ({ step, cells: [values[i], '', ''] })),
    ...tested.map(({ epoch, loss, accuracy }) => ({ step: Math.round(epoch * stepsPerEpoch), cells: ['', loss, accuracy] })),
  ].sort((a, b) => a.step - b.step);
  return ['step,loss,testLoss,testAccuracy', ...rows.map(({ step, cells }) => [step, ...cells].join(',')), ''].join('\n');
}

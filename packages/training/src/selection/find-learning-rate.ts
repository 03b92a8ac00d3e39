// The learning-rate range test: a short training in which the rate rises from step to step, and the curve of its losses.

import type { Model, OptionChecks, Optimizer, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, walk } from '@sinapse/core';
import { FIT, MODEL, SOURCE } from '../arguments.ts';
import type { BatchOf, BatchSource } from '../batch.ts';
import type { Callback } from '../callback.ts';
import { DivergedError } from '../errors.ts';
import type { FitOptions } from '../fit-options.ts';
import { fit } from '../fit.ts';
import { KeptValues } from '../kept-values.ts';

export interface FindLearningRateOptions<Out = Tensor, Target = Tensor, In = Tensor> {
  /** Makes the optimizer with the rising rate: `(learningRate) => adam({ learningRate })`. */
  readonly optimizer: (learningRate: (step: number) => number) => Optimizer;
  readonly loss: FitOptions<Out, Target, In>['loss'];
  /** The first rate. Default 1e-7. */
  readonly from?: number;
  /** The last rate. Default 10. */
  readonly to?: number;
  /** The number of steps, at least 10. Default 100. */
  readonly steps?: number;
  /** The seed of random numbers in the steps, as for `fit`. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** The steps that were made, in order; arrays of one length, ready to plot. */
export interface LearningRateCurve {
  readonly learningRates: Float64Array;
  /** The loss of each step's batch, before the step. */
  readonly losses: Float64Array;
  /** The losses, each averaged with its neighbours: up to `steps` / 20 on either side. */
  readonly smoothed: Float64Array;
  /** The rate at which the smoothed loss falls most steeply; undefined if it never falls. */
  readonly suggested: number | undefined;
  /** `diverged` if the loss rose above its lowest by three times its first value, or was not finite. */
  readonly stopped: 'finished' | 'diverged' | 'aborted';
}

const OPTIONS: OptionChecks<FindLearningRateOptions<never, never, never>> = {
  optimizer: check.required({ ...check.callable, expected: 'a function that makes one, e.g. (learningRate) => adam({ learningRate })' }),
  loss: FIT.loss,
  from: check.positive,
  to: check.positive,
  steps: { expected: 'an integer >= 10', accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 10 },
  seed: FIT.seed,
  signal: FIT.signal,
};

/**
 * Finds out which learning rates suit a model, by one step at each rate from `from` to `to`, at equal ratios. The model's weights and states are
 * afterwards what they were before. Smith 2017, "Cyclical learning rates for training neural networks", section 3.3.
 *
 * Where the curve falls most steeply the loss gains most by a step; a rate a little below is a good first choice. Where it begins to rise,
 * steps are too long.
 * @param data batches, as for `fit`; it is read again from its start when it ends before all steps are done
 * @throws SinapseError when an argument is wrong or an option unknown
 * @throws DivergedError when the loss is not finite before any step; what else `fit` throws
 */
export async function findLearningRate<In = Tensor, Out = Tensor, Target = Tensor>(
  model: Model<In, Out>,
  data: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  options: FindLearningRateOptions<Out, Target, In>,
): Promise<LearningRateCurve> {
  checkValue('findLearningRate: the model', model, MODEL);
  checkValue('findLearningRate: the data', data, SOURCE);
  checkOptions('findLearningRate', options, OPTIONS);
  const { optimizer, loss, from = 1e-7, to = 10, steps = 100, seed = 0, signal } = options;
  if (from >= to) throw new SinapseError(`findLearningRate: from: expected less than to, got ${from} and ${to}`);

  const rate = (step: number): number => from * (to / from) ** (step / (steps - 1));
  const losses: number[] = [];
  const half = halfWindow(steps);
  let lowest = Infinity;
  const watch: Callback = {
    onStep(info, session) {
      losses.push(info.loss);
      const recent = meanOf(losses, losses.length - 1 - 2 * half, losses.length - 1);
      lowest = Math.min(lowest, recent);
      if (recent > lowest + 3 * Math.abs(losses[0]!)) session.stop('diverged');
      else if (losses.length === steps) session.stop('finished');
    },
  };

  const before = new KeptValues(walk(model).map(({ cell }) => cell));
  let stopped: string;
  try {
    const settings = { loss, seed, epochs: steps, callbacks: [watch], ...(signal && { signal }) };
    ({ stopped } = await fit<In, Out, Target>(model, data, { ...settings, optimizer: optimizer(rate) }));
  } catch (error) {
    if (!(error instanceof DivergedError) || losses.length === 0) throw error;
    stopped = 'diverged';
  } finally {
    before.restore();
    before.dispose();
  }
  const made = losses.slice(0, steps); // where reading waits, steps in flight may be told of after the last one
  const learningRates = Float64Array.from(made, (_, step) => rate(step));
  const smoothed = Float64Array.from(made, (_, i) => meanOf(made, i - half, i + half));
  const steepest = steepestDescent(smoothed);
  return {
    learningRates,
    losses: Float64Array.from(made),
    smoothed,
    suggested: steepest === undefined ? undefined : learningRates[steepest],
    stopped: stopped as LearningRateCurve['stopped'],
  };
}

/** How many neighbours on either side a loss is averaged with. */
function halfWindow(steps: number): number {
  return Math.max(1, Math.floor(steps / 20));
}

/** The mean of the values from `first` to `last`, as far as there are some. */
function meanOf(values: readonly number[], first: number, last: number): number {
  const part = values.slice(Math.max(0, first), last + 1);
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}

/**
 * The place where values fall most from the one before to the one behind, up to their lowest; rates have equal ratios, so this is the slope over
 * log(rate).
 */
function steepestDescent(values: Float64Array): number | undefined {
  const lowest = values.indexOf(Math.min(...values));
  let steepest: number | undefined;
  let most = 0;
  for (let i = 1; i < values.length - 1 && i <= lowest; i++) {
    const fall = values[i - 1]! - values[i + 1]!;
    if (fall > most) [most, steepest] = [fall, i];
  }
  return steepest;
}

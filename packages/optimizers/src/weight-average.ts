// Averages of the weights along a training, which often do better than the last weights.

import type { Optimizer, OptionChecks, Parameter, Scalar, StepOptions, Tensor } from '@sinapse/core';
import { SinapseError, add, cell, check, checkOptions, checkValue, fusedUpdate, hostStep, mul, scope, sub, where } from '@sinapse/core';
import { OPTIMIZER, WrappedOptimizer, checkLists } from './wrapped.ts';

export interface MovingAverageOptions {
  /** The part of the average that is kept at each step, within [0, 1). Default 0.999. */
  readonly decay?: number;
  /** Whether the average of the first steps is one of these alone: decay is at most (1 + step) / (10 + step). Default true. */
  readonly warmUp?: boolean;
}

export interface StochasticAverageOptions {
  /** The number of steps before the first weights that count, an integer >= 0. Default 0. */
  readonly start?: number;
  /** The weights of every so many steps count, an integer >= 1: usually those of the end of an epoch, or of a period of a schedule. Default 1. */
  readonly every?: number;
}

const MOVING: OptionChecks<MovingAverageOptions> = { decay: check.fraction, warmUp: check.flag };
const STOCHASTIC: OptionChecks<StochasticAverageOptions> = { start: check.natural, every: check.count };

/**
 * An optimizer that keeps an exponential moving average of the weights of another (EMA): a = a + (1 - decay) (w - a) after each step. Polyak,
 * Juditsky 1992; the warm-up is that of TensorFlow's ExponentialMovingAverage.
 * @param optimizer makes the steps
 * @throws SinapseError when the optimizer is none, or an option unknown or out of range
 */
export function movingAverage(optimizer: Optimizer, options: MovingAverageOptions = {}): WeightAverage {
  checkValue('movingAverage: optimizer', optimizer, OPTIMIZER);
  checkOptions('movingAverage', options, MOVING);
  const { decay = 0.999, warmUp = true } = options;
  return new WeightAverage('movingAverage', optimizer, (step) => 1 - (warmUp ? Math.min(decay, (1 + step) / (10 + step)) : decay));
}

/**
 * An optimizer that keeps the mean of the weights that another comes to (SWA). Izmailov et al. 2018, algorithm 1. Before the first that count,
 * it is the weights of the last step. Running statistics of batch normalisation do not belong to averaged weights: after `swap`, call
 * `refreshStatistics` of @sinapse/training.
 * @param optimizer makes the steps
 * @throws SinapseError when the optimizer is none, or an option unknown or out of range
 */
export function stochasticAverage(optimizer: Optimizer, options: StochasticAverageOptions = {}): WeightAverage {
  checkValue('stochasticAverage: optimizer', optimizer, OPTIMIZER);
  checkOptions('stochasticAverage', options, STOCHASTIC);
  const { start = 0, every = 1 } = options;
  return new WeightAverage('stochasticAverage', optimizer, (step) => {
    if (step <= start) return 1;
    return (step - start) % every === 0 ? 1 / ((step - start) / every) : 0;
  });
}

type Average = { readonly average: Tensor };
type Given = { readonly weights: Tensor; readonly share: Scalar; readonly skip: Tensor | undefined };

const follow = fusedUpdate(({ average }: Average, { weights, share, skip }: Given) => {
  const next = add(average, mul(sub(weights, average), share));
  return { average: skip === undefined ? next : where(skip, average, next) };
});

export class WeightAverage extends WrappedOptimizer {
  readonly name: string;
  protected readonly slotName = 'average';
  /** The part of the way to the weights that the average goes in a step, counted from 1. */
  private readonly shareAt: (step: number) => number;
  private readonly share = cell(0);

  constructor(name: string, inner: Optimizer, shareAt: (step: number) => number) {
    super(inner);
    this.name = name;
    this.shareAt = shareAt;
  }

  /** Makes a step of the inner optimizer, then moves the average. */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], options: StepOptions = {}): void {
    const { slot } = this;
    checkLists(this.name, parameters, gradients, slot);
    if (slot.isEmpty) slot.fill(() => parameters.map(({ value }) => value));
    hostStep(() => void (this.share.value = this.shareAt(this.steps + 1)));
    scope(() => {
      this.inner.step(parameters, gradients, options);
      const weights = parameters.map(({ tensor }) => tensor);
      slot.assign(follow({ average: slot.tensors }, { weights, share: this.share, skip: options.skip }).average);
    });
    hostStep(() => void this.steps++);
  }

  /**
   * Gives parameters their averages, and keeps what they had instead: called again, it changes them back.
   * @param parameters those of the steps, in the same order
   * @throws SinapseError when no step was made, or with other parameters
   */
  swap(parameters: readonly Parameter[]): void {
    const averages = this.slot.values;
    if (averages.length !== parameters.length)
      throw new SinapseError(`${this.name}: swap: ${parameters.length} parameters, but ${averages.length} averages; make a step first`);
    scope(() => {
      this.slot.assign(parameters.map(({ value }) => value));
      parameters.forEach((parameter, i) => parameter.assign(averages[i]!));
    });
    for (const average of averages) average.dispose();
  }
}

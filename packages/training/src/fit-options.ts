// The options of `fit` and `evaluate`.

import type { Optimizer, Tensor } from '@sinapse/core';
import type { BatchOf, BatchSource } from './batch.ts';
import type { Callback } from './callback.ts';
import type { Checkpoint } from './checkpoint/contents.ts';
import type { Json } from './json.ts';
import type { Loss, Metric, Metrics } from './measure.ts';
import type { AccumulatedMetric } from './metrics/accumulated-metric.ts';
import type { StepData, TrainStep } from './train-step.ts';

export interface FitOptions<Out = Tensor, Target = Tensor, In = Tensor> {
  readonly optimizer: Optimizer;
  readonly loss: Loss<Out, Target>;
  /** The number of passes over the data: an integer of at least 1. It includes the epochs done before a resumption. */
  readonly epochs: number;
  /**
   * The seed of the random numbers in the steps, e.g. of dropout; an integer from 0 to 2^53 - 1, by default 0: two runs are the same bits unless
   * their seeds differ. It does not affect the order of the data, which `shuffle(seed)` decides, nor the initial weights.
   */
  readonly seed?: number;
  /** Data on which the model is measured after each epoch. */
  readonly validation?: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>;
  /**
   * Further functions to average over the examples, or accumulated metrics of @sinapse/training/metrics that give one number, by name. The accuracy needs
   * none: it is measured whenever the model has one output and the targets are class numbers.
   */
  readonly metrics?: Metrics<Out, Target>;
  /**
   * How much the examples of each class count in the loss of the training: numbers >= 0, by class number, for targets that are class numbers. They multiply
   * the weights that a batch gives its examples (`weight`). The validation takes only these.
   */
  readonly classWeights?: readonly number[];
  /** Callbacks, called in this order. */
  readonly callbacks?: readonly Callback[];
  /** Ends the training after the running step when it is aborted. */
  readonly signal?: AbortSignal;
  /** The checkpoint to continue from. Model and optimizer must be made like those of the first run. */
  readonly resume?: Checkpoint;
  /**
   * A description of this training: data, architecture, learning rate, … A checkpoint stores it and can be resumed only with the same one.
   */
  readonly fingerprint?: Readonly<Record<string, Json>>;
}

/** The options of `fit` with a step of your own. Those that `FitOptions` has too mean the same. */
export interface StepFitOptions<M = object, B extends StepData = StepData> extends Pick<
  FitOptions,
  'epochs' | 'seed' | 'callbacks' | 'signal' | 'resume' | 'fingerprint'
> {
  /** What is done with each batch. */
  readonly step: TrainStep<M, B>;
  /** An optimizer for the whole model, or one for each part by its name in the model: `{ generator: adam(), critic: adam() }`. */
  readonly optimizer: Optimizer | Readonly<Partial<Record<keyof M & string, Optimizer>>>;
  /** Data on which the model is measured after each epoch; it needs a model with `call`, and `loss`. */
  readonly validation?: BatchSource<unknown, unknown>;
  /** The loss of the validation; the step has its own. */
  readonly loss?: Loss<never, never>;
  /** Measured in the validation, and in steps that return their output and target. */
  readonly metrics?: Metrics<never, never>;
}

/** @typeParam Results what each accumulated metric gives, by name */
export interface EvaluateOptions<Out = Tensor, Target = Tensor, Results = Readonly<Record<string, unknown>>> {
  readonly loss: Loss<Out, Target>;
  /** Further functions to average over the examples, or accumulated metrics of @sinapse/training/metrics with whatever result, by name. */
  readonly metrics?: { readonly [Name in keyof Results]: Metric<Out, Target> | AccumulatedMetric<Results[Name], Out, Target> };
  /** The number of classes that the model's output must have; any number if absent. */
  readonly classes?: number;
  readonly signal?: AbortSignal;
}

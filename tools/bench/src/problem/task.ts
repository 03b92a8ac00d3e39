// A contestant's task as JSON: shapes and options. The numbers are in a separate safetensors file.

import type { Network } from '../networks/network.ts';

export interface Convolution {
  /** `[batch, height, width, channels]`. */
  readonly input: readonly [number, number, number, number];
  /** `[height, width, channels / groups, filters]`. */
  readonly filter: readonly [number, number, number, number];
  /** `[batch, height, width, filters]`. */
  readonly output: readonly [number, number, number, number];
  readonly stride: number;
  /** Zeros added on every side. */
  readonly padding: number;
  readonly groups: number;
}

export type OptimizerChoice =
  | { readonly name: 'adam'; readonly learningRate: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly name: 'momentum'; readonly learningRate: number; readonly momentum: number };

/** Adds two vectors `a` and `b` of `size` elements into `y`. */
interface AddTask {
  readonly kind: 'add';
  readonly size: number;
}

/** Multiplies `a` by `b` into `y` `[m, n]`. `a` is stored as `[k, m]` when transposed, else `[m, k]`; `b` as `[n, k]`, else `[k, n]`. */
export interface MatmulTask {
  readonly kind: 'matmul';
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Convolves `x` with `filter` into `y`. */
interface ConvForwardTask {
  readonly kind: 'convForward';
  readonly convolution: Convolution;
}

/** Computes the gradients `dx` and `dfilter` from `x`, `filter` and the gradient `dy` of the output. */
interface ConvGradientsTask {
  readonly kind: 'convGradients';
  readonly convolution: Convolution;
}

/**
 * Training steps on one batch `x` with class indices `labels`, from the given weights: softmax cross-entropy, its gradients, the optimizer.
 * The output `losses` has the losses of `checkSteps` steps on the first `checkBatch` examples.
 */
export interface TrainingTask {
  readonly kind: 'training';
  readonly network: Network;
  readonly batch: number;
  readonly checkBatch: number;
  readonly checkSteps: number;
  readonly optimizer: OptimizerChoice;
}

/** Computes the `logits` of a batch `x`. */
export interface InferenceTask {
  readonly kind: 'inference';
  readonly network: Network;
  readonly batch: number;
}

/** The recurrent networks that are timed. */
export type Cell = 'rnn' | 'lstm' | 'gru';

/** A recurrent network over sequences of `inputs` features: `kernel` [inputs, gates · units], `recurrentKernel`, `bias`, for a GRU `recurrentBias`. */
export interface RecurrentNetwork {
  readonly cell: Cell;
  readonly inputs: number;
  readonly units: number;
}

/**
 * Training steps on a batch `x` `[batch, time, inputs]`: the mean square of all states less `target`, its gradients, the optimizer. The output `losses`
 * has the losses of `checkSteps` steps on `xCheck` and `targetCheck`, `checkBatch` sequences of `checkTime` steps.
 */
export interface SequenceTrainingTask {
  readonly kind: 'sequenceTraining';
  readonly network: RecurrentNetwork;
  readonly batch: number;
  readonly time: number;
  readonly checkBatch: number;
  readonly checkTime: number;
  readonly checkSteps: number;
  readonly optimizer: OptimizerChoice & { readonly name: 'adam' };
}

/** Reads one sequence `x` `[time, inputs]` step by step, each step a call of its own, as a program does that waits for its inputs. Output: the last `h`. */
export interface SequenceStepsTask {
  readonly kind: 'sequenceSteps';
  readonly network: RecurrentNetwork;
  readonly time: number;
}

export type Task =
  AddTask | MatmulTask | ConvForwardTask | ConvGradientsTask | TrainingTask | InferenceTask | SequenceTrainingTask | SequenceStepsTask;

/** The file that a contestant's process reads at the start. */
export interface Job {
  readonly task: Task;
  /** Path of the safetensors file with the task's arrays. */
  readonly arrays: string;
  /** For each output, the flat indices of the checked elements in the row-major, channels-last array; without a list, all are checked. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly threads: number;
  /** Options that only the contestant itself reads: its library or engine, and tuning. */
  readonly setting: Readonly<Record<string, string | boolean>>;
}

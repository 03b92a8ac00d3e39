// What a contestant is asked to do, as JSON: the shapes and options; the numbers lie beside it in a safetensors file.

import type { Network } from '../networks/network.ts';

export interface Convolution {
  /** `[batch, height, width, channels]`. */
  readonly input: readonly [number, number, number, number];
  /** `[height, width, channels / groups, filters]`. */
  readonly filter: readonly [number, number, number, number];
  /** `[batch, height, width, filters]`. */
  readonly output: readonly [number, number, number, number];
  readonly stride: number;
  /** Zeros on every side. */
  readonly padding: number;
  readonly groups: number;
}

export type OptimizerChoice =
  | { readonly name: 'adam'; readonly learningRate: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly name: 'momentum'; readonly learningRate: number; readonly momentum: number };

/** Two vectors `a` and `b` of `size` elements; the output `y` is their sum. */
interface AddTask {
  readonly kind: 'add';
  readonly size: number;
}

/** `a` times `b`, into `y` `[m, n]`; `a` is stored `[k, m]` when transposed, else `[m, k]`; `b` `[n, k]`, else `[k, n]`. */
export interface MatmulTask {
  readonly kind: 'matmul';
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** `x` and `filter` into `y`. */
interface ConvForwardTask {
  readonly kind: 'convForward';
  readonly convolution: Convolution;
}

/** `x`, `filter` and the gradient `dy` of the output into both gradients, `dx` and `dfilter`. */
interface ConvGradientsTask {
  readonly kind: 'convGradients';
  readonly convolution: Convolution;
}

/**
 * Steps of a training on one batch `x` with class numbers `labels`, from the given weights: softmax cross-entropy, its gradients, the optimizer.
 * The output `losses` are those of `checkSteps` steps on the first `checkBatch` examples.
 */
export interface TrainingTask {
  readonly kind: 'training';
  readonly network: Network;
  readonly batch: number;
  readonly checkBatch: number;
  readonly checkSteps: number;
  readonly optimizer: OptimizerChoice;
}

/** A batch `x` into `logits`. */
export interface InferenceTask {
  readonly kind: 'inference';
  readonly network: Network;
  readonly batch: number;
}

export type Task = AddTask | MatmulTask | ConvForwardTask | ConvGradientsTask | TrainingTask | InferenceTask;

/** The file that a contestant's process is started with. */
export interface Job {
  readonly task: Task;
  /** Path of the safetensors file with the task's arrays. */
  readonly arrays: string;
  /** By output, which elements are checked, as flat indices of the row-major, channels-last array; all where there is no list. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly threads: number;
  /** Which of its libraries or engines a contestant is, and what is tuned: its own affair. */
  readonly setting: Readonly<Record<string, string | boolean>>;
}

// Small models, data and an optimizer for the tests. Of the framework's packages, this file uses core only.

import type { Context, Model, Optimizer, OptimizerState, StepOptions, Tensor } from '@sinapse/core';
import {
  conv2d,
  dropout,
  hostNormal,
  linear,
  mean,
  Parameter,
  randomKey,
  RandomStream,
  relu,
  scope,
  sgdStep,
  softmaxCrossEntropy,
  State,
  tensor,
  walk,
  zerosLike,
} from '@sinapse/core';
import type { Batch, BatchSource, HostArray, IterateOptions } from '../src/index.ts';

/** Makes a parameter with normally distributed values, which depend on its name and the seed. */
export function parameter(shape: readonly number[], seed: number, name: string): Parameter {
  const size = shape.reduce((product, length) => product * length, 1);
  return scope(() => new Parameter(tensor(hostNormal(randomKey(seed).fold(name), size, 0, 0.5), { shape })));
}

/** Softmax regression: maps `[batch, inputs]` to `[batch, classes]`. */
export class Linear implements Model {
  readonly kernel: Parameter;
  readonly bias: Parameter;

  constructor(inputs: number, classes: number, seed = 1) {
    this.kernel = parameter([inputs, classes], seed, 'kernel');
    this.bias = parameter([classes], seed, 'bias');
  }

  call(x: Tensor): Tensor {
    return linear(x, this.kernel.value, this.bias.value);
  }
}

/** A linear model after dropout and a running mean of the input: training uses random numbers and state. */
export class Stateful implements Model {
  readonly inner: Linear;
  readonly mean: State;
  private readonly _rate: number;

  constructor(inputs: number, classes: number, seed = 1, rate = 0.5) {
    this.inner = new Linear(inputs, classes, seed);
    this.mean = scope(() => new State(tensor(new Float32Array(inputs), { shape: [inputs] })));
    this._rate = rate;
  }

  call(x: Tensor, context: Context): Tensor {
    const running = this.mean.value;
    if (!context.training) return this.inner.call(x.sub(running));
    context.update(this.mean, running.mul(0.9).add(mean(x, { axis: 0 }).mul(0.1)));
    return this.inner.call(dropout(x.sub(running), this._rate, context.key.fold('dropout')));
  }
}

/** Maps `[batch, 8, 8, 1]` to `[batch, classes]`. */
export class ConvNet implements Model {
  readonly filter: Parameter;
  readonly dense: Linear;

  constructor(classes: number, seed = 1) {
    this.filter = parameter([3, 3, 1, 4], seed, 'filter');
    this.dense = new Linear(3 * 3 * 4, classes, seed);
  }

  call(x: Tensor): Tensor {
    return this.dense.call(relu(conv2d(x, this.filter.value, { strides: 2 })).flatten(1));
  }
}

export const crossEntropy = (output: Tensor, target: Tensor): Tensor => mean(softmaxCrossEntropy(output, target));

/** Gradient descent with momentum. It keeps the velocities in State cells. */
export class Momentum implements Optimizer {
  private readonly learningRate: number;
  private steps = 0;
  private velocity: State[] = [];

  get cells(): readonly State[] {
    return this.velocity;
  }

  constructor(learningRate = 0.1) {
    this.learningRate = learningRate;
  }

  step(parameters: readonly Parameter[], gradients: readonly Tensor[], { skip }: StepOptions = {}): void {
    // Makes all tensors before the first cell, so that a failure leaves no cells behind.
    if (this.velocity.length === 0) this.velocity = parameters.map(({ tensor }) => zerosLike(tensor)).map((zeros) => new State(zeros));
    const updated = sgdStep(
      {
        param: parameters.map(({ tensor }) => tensor),
        grad: [...gradients],
        velocity: this.velocity.map(({ tensor }) => tensor),
        ...(skip && { skip }),
      },
      { nesterov: false },
      { learningRate: this.learningRate, momentum: 0.9, weightDecay: 0 },
    );
    parameters.forEach((parameter, i) => parameter.assign(updated.param[i]!));
    this.velocity.forEach((cell, i) => cell.assign(updated.velocity[i]!));
    this.steps++;
  }

  state(): OptimizerState {
    return { step: this.steps, slots: { velocity: this.velocity.map((cell) => cell.value) } };
  }

  restore({ step, slots }: OptimizerState): void {
    if (slots['velocity'] === undefined) throw new Error('momentum: no velocity');
    for (const cell of this.velocity) cell.dispose();
    this.velocity = slots['velocity'].map((value) => new State(value));
    this.steps = step;
  }
}

export interface DataOptions {
  readonly examples?: number;
  readonly batchSize?: number;
  readonly shape?: readonly number[];
  readonly classes?: number;
  readonly seed?: number;
}

interface Clusters extends BatchSource {
  readonly length: number;
  iterate(options: IterateOptions): AsyncGenerator<Batch<HostArray>>;
}

/** Examples in clusters, one for each class, in another order in each epoch. */
export function clusters(options: DataOptions = {}): Clusters {
  const { examples = 22, batchSize = 4, shape = [5], classes = 3, seed = 7 } = options;
  const size = shape.reduce((product, length) => product * length, 1);
  const centres = Array.from({ length: classes }, (_, label) => hostNormal(randomKey(seed).fold('centre').fold(label), size, 0, 1));
  const row = (index: number): Float32Array => {
    const noise = hostNormal(randomKey(seed).fold('example').fold(index), size, 0, 0.5);
    return noise.map((value, i) => value + centres[index % classes]![i]!);
  };
  return {
    length: Math.ceil(examples / batchSize),
    async *iterate({ epoch, skip = 0 }: IterateOptions): AsyncGenerator<Batch<HostArray>> {
      const order = permutation(examples, randomKey(seed).fold('order').fold(epoch));
      for (let start = skip * batchSize; start < examples; start += batchSize) {
        const indices = order.slice(start, start + batchSize);
        const x = new Float32Array(indices.length * size);
        indices.forEach((index, i) => x.set(row(index), i * size));
        yield {
          x: { data: x, shape: [indices.length, ...shape] },
          y: { data: Int32Array.from(indices, (index) => index % classes), shape: [indices.length] },
        };
      }
    },
  };
}

function permutation(count: number, key: ReturnType<typeof randomKey>): number[] {
  const stream = new RandomStream(key);
  return Array.from({ length: count }, (_, i) => ({ i, at: stream.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(({ i }) => i);
}

/** A source of fixed batches. */
export function batches(...list: readonly Batch[]): BatchSource {
  return {
    length: list.length,
    async *iterate({ skip = 0 }) {
      yield* list.slice(skip);
    },
  };
}

/** Makes a batch of rows and labels. */
export function batch(rows: readonly (readonly number[])[], labels: readonly number[]): Batch<HostArray> {
  return {
    x: { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] },
    y: { data: Int32Array.from(labels), shape: [labels.length] },
  };
}

/** The bits of the values of all cells of a model, by path. */
export function bitsOf(model: object): Record<string, number[]> {
  const bits: Record<string, number[]> = {};
  for (const { path, cell } of walk(model)) bits[path] = scope(() => [...new Uint32Array(Float32Array.from(cell.value.dataSync()).buffer)]);
  return bits;
}

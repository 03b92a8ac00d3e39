// Stacking: a linear model that learns, on examples that the models were not trained on, how to combine what they say.

import type { LayerCall, Model, OptionChecks, Optimizer, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  Parameter,
  SinapseError,
  check,
  checkOptions,
  checkValue,
  concat,
  eye,
  formatShape,
  linear,
  randomKey,
  scope,
  tile,
  zeros,
} from '@sinapse/core';
import { FIT } from '../arguments.ts';
import type { HostArray } from '../batch.ts';
import type { FitOptions } from '../fit-options.ts';
import { fit } from '../fit.ts';
import { predict } from '../predict.ts';
import { EXAMPLES, ExampleTable } from './examples.ts';
import type { GivenExamples } from './given-examples.ts';
import { gatherExamples } from './given-examples.ts';
import type { Member, MemberOutput } from './members.ts';
import { buildMembers, callMembers, callPart, inputShapeOf, namedMembers, scoresOf } from './members.ts';

/** The linear model: `[batch, models × outputs]` to `[batch, outputs]`. At first it gives the mean of what the models say. */
class Combiner implements Model {
  /** `[models × outputs, outputs]` */
  readonly kernel: Parameter;
  /** `[outputs]` */
  readonly bias: Parameter;

  constructor(models: number, outputs: number) {
    [this.kernel, this.bias] = scope(() => [new Parameter(tile(eye(outputs), [models, 1]).div(models)), new Parameter(zeros([outputs]))]);
  }

  call(scores: Tensor): Tensor {
    return linear(scores, this.kernel.value, this.bias.value);
  }
}

export class Stacking implements Model {
  readonly type = 'stacking';
  readonly members: ReadonlyMap<string, Model>;
  readonly of: MemberOutput;
  combiner: Combiner | undefined;

  constructor(members: readonly Member[], { of = 'logits' }: StackingOptions = {}) {
    this.members = namedMembers('stacking', members);
    this.of = of;
  }

  get inputShape(): Shape | undefined {
    return inputShapeOf(this.members.values());
  }

  build(inputShape: Shape, seed: Seed = 0): Shape {
    const shape = buildMembers('stacking', this.members, inputShape, seed);
    this.combineFrom(shape);
    return shape;
  }

  /** Makes the linear model for what one model gives, `[outputs]`. */
  combineFrom(shape: Shape): Combiner {
    if (shape.length !== 1)
      throw new SinapseError(`stacking: each model must give [batch, outputs], got ${formatShape([-1, ...shape]).replace('-1', 'batch')}`);
    this.combiner = new Combiner(this.members.size, shape[0]!);
    return this.combiner;
  }

  /** @returns `[batch, outputs]`: logits, or values */
  call(x: Tensor, context: Context = new Context()): Tensor {
    const { combiner } = this;
    if (combiner === undefined)
      throw new SinapseError('stacking: has not learned to combine its models; make it with stack(models, data, …)');
    return scope(() => {
      const outputs = callMembers('stacking', this.members, x, context);
      return callPart(
        'combiner',
        combiner,
        concat(
          outputs.map((output) => scoresOf(output, this.of)),
          -1,
        ),
        context,
      );
    });
  }

  children(): Iterable<readonly [string, object]> {
    return this.combiner === undefined ? this.members : [...this.members, ['combiner', this.combiner]];
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [[...this.members], { of: this.of }] };
  }
}

interface StackingOptions {
  readonly of?: MemberOutput;
}

/** Makes a stacking of models from a file's description; `stack` makes one of trained models. */
export function stacking(members: readonly Member[], options: StackingOptions = {}): Stacking {
  checkOptions('stacking', options, { of: OPTIONS.of });
  return new Stacking(members, options);
}

export interface StackOptions extends Pick<FitOptions, 'loss' | 'epochs' | 'signal'> {
  readonly optimizer: Optimizer;
  /** What the models give. Default `logits`. */
  readonly of?: MemberOutput;
  /** The number of examples in a batch. Default 32. */
  readonly batchSize?: number;
  /** The seed of the order of examples. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<StackOptions> = {
  optimizer: FIT.optimizer,
  loss: FIT.loss,
  epochs: FIT.epochs,
  signal: FIT.signal,
  of: check.oneOf(['logits', 'probabilities', 'values']),
  batchSize: check.count,
  seed: check.natural,
};

/**
 * Makes one model of several, whose outputs a linear model combines: z = Σ W_m log p_m + b for classes, Σ W_m y_m + b for values. It learns W and b
 * on the given examples, and begins with the mean; the models stay as they are. Wolpert 1992, "Stacked generalization"; Ting, Witten 1999.
 * @param members models, or `[name, model]`, each of which gives `[batch, outputs]`
 * @param data examples that the models were not trained on: of others, those that know them by heart would get too much weight
 * @throws SinapseError when an argument is wrong; TrainingError when the data is invalid; what `fit` throws
 */
export async function stack(members: readonly Member[], data: GivenExamples, options: StackOptions): Promise<Stacking> {
  const named = namedMembers('stack', members);
  checkValue('stack: the data', data, EXAMPLES);
  checkOptions('stack', options, OPTIONS);
  const { optimizer, loss, epochs, signal, of = 'logits', batchSize = 32, seed = 0 } = options;
  const table = await gatherExamples('stack', data);
  const rows = Int32Array.from({ length: table.count }, (_, i) => i);
  const outputs: HostArray[] = [];
  for (const model of named.values()) {
    const scores: Model = { call: (x, context) => scoresOf(model.call(x, context), of) };
    outputs.push(await predict(scores, table.batches(rows, batchSize) as never));
  }
  const made = new Stacking(members, { of });
  const combiner = made.combineFrom(outputs[0]!.shape.slice(1));
  const scores = new ExampleTable({ x: sideBySide(outputs), y: table.members['y']! }, table.count);
  const source = scores.batches(rows, batchSize, randomKey(seed).fold('shuffle'));
  await fit(combiner, source as never, { optimizer, loss, epochs, seed, ...(signal && { signal }) });
  signal?.throwIfAborted();
  return made;
}

/** Joins matrices with as many rows along their columns. @throws SinapseError when they differ in shape */
function sideBySide(parts: readonly HostArray[]): HostArray {
  const [rows, columns] = parts[0]!.shape as [number, number];
  const other = parts.find(({ shape }) => shape.length !== 2 || shape[1] !== columns);
  if (other !== undefined)
    throw new SinapseError(`stack: the models must give one shape, got ${formatShape(parts[0]!.shape)} and ${formatShape(other.shape)}`);
  const width = parts.length * columns;
  const data = new Float32Array(rows * width);
  parts.forEach((part, p) => {
    for (let row = 0; row < rows; row++) data.set(part.data.subarray(row * columns, (row + 1) * columns), row * width + p * columns);
  });
  return { data, shape: [rows, width] };
}

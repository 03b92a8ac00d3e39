// The plain entry: trains a model on arrays. It makes the batches, splits off a validation set, chooses what is not given, and calls `fit`.

import type { Check, Model, OptionChecks, Optimizer, Tensor, Tree } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, isMeta, isTensor, mapTree, parametersOf, randomKey } from '@sinapse/core';
import { adam } from '@sinapse/optimizers';
import { FIT, MODEL } from './arguments.ts';
import type { BatchArray, BatchSource, HostArray } from './batch.ts';
import { checkInputs, isBatchArray, isHostArray } from './batch.ts';
import type { TargetKind } from './default-loss.ts';
import { defaultLoss, kindOf } from './default-loss.ts';
import { TrainingError } from './errors.ts';
import { balancedClassWeights, CLASS_WEIGHTS } from './example-weights.ts';
import type { FitResult } from './fit.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './fit-options.ts';
import type { Loss, Metrics } from './measure.ts';
import { exampleTable } from './selection/examples.ts';
import type { ArrayData } from './sources/array-data.ts';
import { countExamples } from './sources/array-data.ts';
import type { ArrayExamples } from './sources/from-arrays.ts';
import { fromArrays, membersOf } from './sources/from-arrays.ts';
import type { Batches } from './sources/from-generator.ts';
import { fromGenerator } from './sources/from-generator.ts';
import type { StreamOf } from './sources/from-stream.ts';
import { fromStream } from './sources/from-stream.ts';
import { FRACTION, splitRows } from './split.ts';

/** Batches in any form: a source, a generator or its function, a list of batches, a ReadableStream. */
export type AnyBatches = BatchSource<unknown, unknown> | Batches<never> | ((epoch: number) => Batches<never>) | StreamOf<never>;

export interface TrainOptions<Out = Tensor, Target = Tensor> extends Partial<
  Pick<FitOptions, 'seed' | 'callbacks' | 'signal' | 'resume' | 'fingerprint'>
> {
  /** The inputs of all examples: rows of numbers, a typed array, `{ data, shape }` or a tensor, `[examples, ...]`; or several by name. */
  readonly x?: ArrayData;
  /** Their targets: class numbers, rows, quantities. */
  readonly y?: ArrayData;
  /** How much each example counts in the loss: numbers >= 0, one for each. Default 1 for all. */
  readonly weight?: ArrayData;
  /** How much each class counts in the loss, by class number; `balanced`: all the same, however many examples of it there are in x and y. */
  readonly classWeights?: readonly number[] | 'balanced';
  /** Batches, in place of x and y. */
  readonly data?: AnyBatches;
  /** The number of batches in an epoch of `data`, where it has no end of its own. */
  readonly stepsPerEpoch?: number;
  /** The number of examples in a batch of x and y. Default 32. */
  readonly batchSize?: number;
  /** Whether x and y come in another order in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** The passes over the data. Default 10. */
  readonly epochs?: number;
  /**
   * What the model is measured on after each epoch: a share of x and y, chosen at random and not trained on, which has its part of every class; other
   * examples; or batches. Default: nothing.
   */
  readonly validation?: number | ArrayExamples | AnyBatches;
  /** Default Adam with its usual learning rate, 0.001. */
  readonly optimizer?: Optimizer;
  /**
   * Default by the targets: cross-entropy for class numbers, one-hot rows and yes-or-no answers (booleans, rows of 0 and 1, or 0 and 1 for a model of one
   * output), the mean squared error for other numbers, which are for a model of one output all but 0 and 1.
   */
  readonly loss?: Loss<Out, Target>;
  readonly metrics?: Metrics<Out, Target>;
}

const BATCHES: Check = {
  expected: 'batches: a source, a generator function, a list or a ReadableStream',
  accepts: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null && !isTensor(value)),
};

const BATCH_ARRAY: Check = { expected: 'an array', accepts: isBatchArray };

const ANYTHING = (expected: string): Check => ({ expected, accepts: () => true }); // looked at later, with better messages

const { optimizer, loss, seed, metrics, callbacks, signal, resume, fingerprint } = FIT;

const OPTIONS: OptionChecks<TrainOptions> = {
  x: ANYTHING('the inputs of all examples'),
  y: ANYTHING('the targets of all examples'),
  weight: ANYTHING('the weights of all examples'),
  classWeights: {
    ...CLASS_WEIGHTS,
    expected: `${CLASS_WEIGHTS.expected}, or 'balanced'`,
    accepts: (value) => value === 'balanced' || CLASS_WEIGHTS.accepts(value),
  },
  data: BATCHES,
  stepsPerEpoch: check.count,
  batchSize: check.count,
  shuffle: check.flag,
  epochs: check.count,
  validation: {
    expected: `${FRACTION.expected}, all examples, { x, y }, or ${BATCHES.expected}`,
    accepts: (value) => FRACTION.accepts(value) || BATCHES.accepts(value),
  },
  optimizer: { ...optimizer, required: false },
  loss: { ...loss, required: false },
  seed,
  metrics,
  callbacks,
  signal,
  resume,
  fingerprint,
};

/**
 * Trains a model on arrays of all examples, `train(model, { x, y })`, or on batches. A model that was not built yet is built for the shape of its inputs,
 * with the seed. The rest is `fit`, which it calls.
 * @throws SinapseError when an argument is wrong or an option unknown; TrainingError when x and y do not fit each other, labels are texts, or a number
 *   is not finite; and as `fit`
 */
export async function train<In = Tensor, Out = Tensor, Target = Tensor>(
  model: Model<In, Out>,
  options: TrainOptions<Out, Target>,
): Promise<FitResult> {
  checkValue('train: the model', model, MODEL);
  checkOptions('train', options, OPTIONS);
  const {
    x,
    y,
    weight,
    data,
    validation,
    stepsPerEpoch,
    batchSize,
    shuffle,
    classWeights,
    loss,
    optimizer = adam(),
    epochs = 10,
    ...others
  } = options;
  const { seed = 0 } = others;
  const dataOptions = { x, y, weight, validation, stepsPerEpoch, batchSize, shuffle, seed };
  const given = data === undefined ? await ofExamples(dataOptions) : ofBatches(dataOptions, data);
  if (isUnbuilt(model)) buildFor(model, given.x ?? (await inputsOf(given)), seed);
  return fit(model as never, given.data as never, {
    ...(others as Pick<FitOptions<never, never>, 'callbacks'>),
    optimizer,
    epochs,
    loss: loss ?? (defaultLoss(model, given.kind) as never),
    ...(classWeights && { classWeights: classWeights === 'balanced' ? balanced(given) : classWeights }),
    ...(given.validation && { validation: given.validation as never }),
  });
}

/** The options that are about the data. */
type DataOptions = {
  readonly [Name in 'x' | 'y' | 'weight' | 'validation' | 'stepsPerEpoch' | 'batchSize' | 'shuffle']: TrainOptions[Name] | undefined;
} & { readonly seed: number };

/** What `fit` needs of the data. */
interface Prepared {
  readonly data: BatchSource<unknown, unknown>;
  /** Whether it can be read only once. */
  readonly once: boolean;
  readonly validation: BatchSource<unknown, unknown> | undefined;
  /** The inputs of all examples, and what their targets are, if they are in memory. */
  readonly x?: Tree<HostArray>;
  readonly kind?: TargetKind;
  /** The class numbers of the examples to train on. */
  readonly labels?: readonly number[];
}

/** @throws TrainingError when the targets are no class numbers */
function balanced({ labels }: Prepared): number[] {
  if (labels === undefined) throw new TrainingError("train: classWeights: 'balanced' is for class numbers as y, one for each example");
  return balancedClassWeights(labels);
}

async function ofExamples({
  x,
  y,
  weight,
  validation,
  stepsPerEpoch,
  batchSize = 32,
  shuffle = true,
  seed,
}: DataOptions): Promise<Prepared> {
  if (x === undefined || y === undefined)
    throw new TrainingError(`train: expected x and y, or data; ${x === undefined ? 'x' : 'y'} is missing`);
  if (stepsPerEpoch !== undefined) throw new TrainingError('train: stepsPerEpoch belongs to data; of x and y, an epoch takes all examples');
  const members = membersOf('train', { x, y, ...(weight !== undefined && { weight }) });
  const count = countExamples('train', members);
  const table = await exampleTable('train', members);
  const { x: inputs, y: targets } = table.members as { readonly x: Tree<HostArray>; readonly y: Tree<HostArray> };
  const kind = isHostArray(targets) ? kindOf(targets) : undefined;
  const all = { train: Array.from({ length: count }, (_, i) => i), validation: [] };
  const labels =
    (kind === 'classes' || kind === 'whole-numbers') && (targets as HostArray).shape.length === 1 ? (targets as HostArray).data : undefined;
  const rows = typeof validation === 'number' ? splitRows('train', count, validation, labels, randomKey(seed)) : all;
  return {
    data: table.batches(rows.train, batchSize, shuffle ? randomKey(seed).fold('shuffle') : undefined),
    validation: typeof validation === 'number' ? table.batches(rows.validation, batchSize) : validationOf(validation, batchSize),
    once: false,
    x: inputs,
    ...(kind && { kind }),
    ...(labels && { labels: rows.train.map((row) => labels[row]!) }),
  };
}

function ofBatches({ x, y, weight, validation, stepsPerEpoch, batchSize, shuffle }: DataOptions, data: AnyBatches): Prepared {
  if (x !== undefined || y !== undefined) throw new TrainingError('train: expected x and y, or data, not both');
  if (weight !== undefined) throw new TrainingError('train: weight belongs to x and y; batches have their own: { x, y, weight }');
  if (shuffle !== undefined) throw new TrainingError('train: shuffle belongs to x and y; a dataset has shuffle(seed)');
  const batchesValidation = typeof validation === 'object' && 'x' in validation;
  if (batchSize !== undefined && !batchesValidation)
    throw new TrainingError('train: batchSize belongs to x and y; the batches of data have a size');
  if (typeof validation === 'number')
    throw new TrainingError('train: validation: a share can be taken of x and y only; give other batches');
  const once = 'getReader' in data || ('next' in data && !('iterate' in data));
  return { data: sourceOf(data, stepsPerEpoch), once, validation: validationOf(validation, batchSize) };
}

function validationOf(validation: ArrayExamples | AnyBatches | undefined, batchSize = 32): BatchSource<unknown, unknown> | undefined {
  if (validation === undefined) return undefined;
  return 'x' in validation ? fromArrays(validation, { batchSize, shuffle: false }) : sourceOf(validation, undefined);
}

function sourceOf(data: AnyBatches, stepsPerEpoch: number | undefined): BatchSource<unknown, unknown> {
  const options = stepsPerEpoch === undefined ? {} : { stepsPerEpoch };
  if ('getReader' in data) return fromStream(data, options);
  if (!('iterate' in data)) return fromGenerator(data, options);
  if (stepsPerEpoch !== undefined) throw new TrainingError('train: stepsPerEpoch is for generators and streams; a dataset has take(count)');
  return data;
}

/** The inputs of the first batch. */
async function inputsOf({ data, once }: Prepared): Promise<unknown> {
  if (once)
    throw new TrainingError(
      'train: build the model first, model.build(inputShape): data that can be read only once does not tell the shape',
    );
  for await (const { x } of data.iterate({ epoch: 1 })) return x;
  throw new TrainingError('train: the data is empty');
}

/** Builds a model for inputs. */
function buildFor(model: object, x: unknown, seed: number): void {
  checkInputs(x, 'train: batch 1');
  const shapes = mapTree('train: x', x, BATCH_ARRAY, (array: BatchArray) =>
    isTensor(array) || isHostArray(array) ? array.shape.slice(1) : array[0]!.shape,
  );
  (model as { build(shapes: unknown, seed: number): void }).build(shapes, seed);
}

/** Whether a model can be built and has no parameters with values. A layer says so when it is asked for them; a graph has their shapes. */
function isUnbuilt(model: object): boolean {
  if (!('build' in model) || typeof model.build !== 'function') return false;
  try {
    const parameters = parametersOf(model);
    return parameters.length === 0 || parameters.some(({ cell }) => isMeta(cell.tensor.backend));
  } catch (error) {
    if (error instanceof SinapseError) return true;
    throw error;
  }
}

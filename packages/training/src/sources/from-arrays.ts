// Batches of examples that are all in memory.

import type { Check, OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue, randomKey } from '@sinapse/core';
import type { Batch, BatchArray, BatchSource, HostArray } from '../batch.ts';
import { FIELDS, checkFields } from '../batch.ts';
import { exampleTable } from '../selection/examples.ts';
import type { ArrayData } from './array-data.ts';
import { arraysOf, countExamples } from './array-data.ts';

/** All examples: inputs and targets. */
export interface ArrayExamples {
  readonly x: ArrayData;
  readonly y: ArrayData;
  /** How much each example counts in the loss: numbers >= 0. Default 1 for all. */
  readonly weight?: ArrayData;
}

export interface FromArraysOptions {
  /** The number of examples in a batch; the last of an epoch may be smaller. Default 32. */
  readonly batchSize?: number;
  /** Whether the examples come in another order in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** The seed of these orders. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<FromArraysOptions> = { batchSize: check.count, shuffle: check.flag, seed: check.natural };

const EXAMPLES: Check = {
  expected: 'all examples, { x, y }',
  accepts: (value) => typeof value === 'object' && value !== null && 'x' in value && 'y' in value,
};

/**
 * A source of batches of examples in memory. Lists of numbers become arrays: those of `x` float32, and if they give one number for each example,
 * `[examples, 1]`; a list of whole numbers as `y` int32, which are class numbers. Tensors are read once.
 * @throws SinapseError when an option is wrong; TrainingError when x and y have different numbers of examples or none, when rows differ, a number is not
 *   finite, or labels are texts
 */
export function fromArrays(data: ArrayExamples, options: FromArraysOptions = {}): BatchSource & { readonly length: number } {
  checkValue('fromArrays', data, EXAMPLES);
  checkOptions('fromArrays', options, OPTIONS);
  const { batchSize = 32, shuffle = true, seed = 0 } = options;
  const members = membersOf('fromArrays', data);
  const count = countExamples('fromArrays', members);
  const all = Int32Array.from({ length: count }, (_, i) => i);
  const key = shuffle ? randomKey(seed).fold('shuffle') : undefined;
  let batches: Promise<BatchSource<unknown, unknown>> | undefined;
  return {
    length: Math.ceil(count / batchSize),
    async *iterate(at) {
      batches ??= exampleTable('fromArrays', members).then((table) => table.batches(all, batchSize, key));
      yield* (await batches).iterate(at) as AsyncIterable<{ x: HostArray; y: HostArray }>;
    },
  };
}

/** The arrays of x and y, and the weights. */
export function membersOf(owner: string, examples: ArrayExamples): Batch {
  checkFields(examples, FIELDS, owner);
  const { x, y, weight } = examples;
  const arrays = { x: arraysOf(`${owner}: x`, x, 'x'), y: arraysOf(`${owner}: y`, y, 'y') } as Batch;
  return weight === undefined ? arrays : { ...arrays, weight: arraysOf(`${owner}: weight`, weight, 'y') as BatchArray };
}

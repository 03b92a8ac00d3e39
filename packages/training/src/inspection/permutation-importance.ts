// Permutation importance: how much worse a model gets when a column of a table is mixed up.

import type { Model, OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, formatShape, randomKey } from '@sinapse/core';
import { FIT, MODEL } from '../arguments.ts';
import type { HostArray } from '../batch.ts';
import { isHostArray } from '../batch.ts';
import { evaluate } from '../evaluate.ts';
import type { Loss } from '../measure.ts';
import { EXAMPLES, ExampleTable, shuffled } from '../selection/examples.ts';
import type { GivenExamples } from '../selection/given-examples.ts';
import { gatherExamples } from '../selection/given-examples.ts';
import type { Spread } from '../selection/spread.ts';
import { spreadOf } from '../selection/spread.ts';

export interface PermutationImportanceOptions {
  readonly loss: Loss;
  /** How often each column is mixed up anew. Default 5. */
  readonly repeats?: number;
  /** The names of the columns, or of the groups. By default their numbers, from 0. */
  readonly features?: readonly string[];
  /** The numbers of columns that are mixed up together, such as those of one category. By default each column alone. */
  readonly groups?: readonly (readonly number[])[];
  /** The number of examples in a batch. Default 256. */
  readonly batchSize?: number;
  /** The seed of the permutations. Default 0. */
  readonly seed?: number;
}

export interface FeatureImportance {
  readonly feature: string;
  /** How much the loss rises when this column is mixed up: about 0 if the model does not need it. */
  readonly rise: Spread;
}

const OPTIONS: OptionChecks<PermutationImportanceOptions> = {
  loss: FIT.loss,
  repeats: check.count,
  features: { expected: 'a list of names', accepts: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string') },
  groups: {
    expected: 'lists of column numbers',
    accepts: (value) =>
      Array.isArray(value) && value.every((group) => Array.isArray(group) && group.length > 0 && group.every(check.natural.accepts)),
  },
  batchSize: check.count,
  seed: check.natural,
};

/**
 * The importance of each column of a table, or group of columns, to a model: the loss with the column's values in a random order, minus the loss. Of columns that say the
 * same, each seems unimportant. Breiman 2001, "Random forests", section 10; Fisher, Rudin, Dominici 2019.
 * @param data all examples, with x `[examples, features]`; those that the model was not trained on say what it has learned, not what it knows by
 *   heart
 * @returns one for each column or group, in their order
 * @throws SinapseError when an argument is wrong; TrainingError when the data is invalid
 */
export async function permutationImportance(
  model: Model,
  data: GivenExamples,
  options: PermutationImportanceOptions,
): Promise<FeatureImportance[]> {
  checkValue('permutationImportance: the model', model, MODEL);
  checkValue('permutationImportance: the data', data, EXAMPLES);
  checkOptions('permutationImportance', options, OPTIONS);
  const { loss, repeats = 5, features, groups: given, batchSize = 256, seed = 0 } = options;
  const table = await gatherExamples('permutationImportance', data);
  const x = table.members['x'];
  if (!isHostArray(x) || x.shape.length !== 2)
    throw new SinapseError(
      `permutationImportance: x: expected one array [examples, features], got ${isHostArray(x) ? formatShape(x.shape) : 'several arrays'}`,
    );
  const columns = x.shape[1]!;
  const groups = given ?? Array.from({ length: columns }, (_, column) => [column]);
  const beyond = groups.flat().find((column) => column >= columns);
  if (beyond !== undefined) throw new SinapseError(`permutationImportance: groups: there is no column ${beyond} of ${columns}`);
  if (features !== undefined && features.length !== groups.length)
    throw new SinapseError(
      `permutationImportance: features: ${features.length} names for ${groups.length} ${given === undefined ? 'columns' : 'groups'}`,
    );
  const all = Int32Array.from({ length: table.count }, (_, i) => i);
  const lossWith = async (inputs: HostArray): Promise<number> => {
    const mixed = new ExampleTable({ ...table.members, x: inputs }, table.count);
    const source = mixed.batches(all, batchSize) as never;
    return (await evaluate<Tensor, Tensor, Tensor>(model, source, { loss })).loss;
  };
  const whole = await lossWith(x);
  const found: FeatureImportance[] = [];
  for (const [number, group] of groups.entries()) {
    const rises: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = shuffled(all, randomKey(seed).fold('permutation').fold(number).fold(repeat));
      rises.push((await lossWith(mixedUp(x, group, order))) - whole);
    }
    found.push({ feature: features?.[number] ?? String(number), rise: spreadOf(rises) });
  }
  return found;
}

/** A table whose rows have the values of some columns from other rows. */
function mixedUp({ data, shape, dtype }: HostArray, group: readonly number[], order: readonly number[]): HostArray {
  const columns = shape[1]!;
  const mixed = data.slice();
  for (const column of group) order.forEach((from, to) => (mixed[to * columns + column] = data[from * columns + column]!));
  return { data: mixed, shape, ...(dtype && { dtype }) };
}

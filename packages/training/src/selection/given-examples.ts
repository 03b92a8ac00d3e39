// All examples in the forms in which a program has them: batches, arrays, lists of numbers.

import type { BatchArray } from '../batch.ts';
import { countExamples } from '../sources/array-data.ts';
import type { ArrayExamples } from '../sources/from-arrays.ts';
import { membersOf } from '../sources/from-arrays.ts';
import type { Examples, ExampleTable } from './examples.ts';
import { exampleTable } from './examples.ts';

/**
 * All examples: `{ x, y }` with arrays `[examples, …]`, tensors or lists of numbers, as `train` takes them; or a source of batches, which is read
 * once. They are held in memory.
 */
export type GivenExamples<X = BatchArray, Y = BatchArray> = Examples<X, Y> | ArrayExamples;

/**
 * Brings examples to the host; lists become arrays.
 * @throws TrainingError when there are none, x and y do not fit each other, or a number is not finite
 */
export async function gatherExamples(owner: string, data: Examples<unknown, unknown> | ArrayExamples): Promise<ExampleTable> {
  if ('iterate' in data) return exampleTable(owner, data);
  const members = membersOf(owner, data as ArrayExamples);
  countExamples(owner, members);
  return exampleTable(owner, members);
}

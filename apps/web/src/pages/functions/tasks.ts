// What one can try on the page "functions".

import type { Task } from '../../experiment/tasks.tsx';
import type { FunctionName } from './functions.ts';

/** What the tasks look at. */
export interface FunctionsProgress {
  readonly touched: boolean;
  readonly x: number;
  /** The functions with their slopes at x. */
  readonly slopes: readonly { readonly name: FunctionName; readonly slope: number }[];
  readonly probabilities: readonly number[];
  readonly loss: number;
  readonly target: number;
}

export const functionsTasks: readonly Task<FunctionsProgress>[] = [
  {
    id: 'saturated',
    isDone: ({ touched, slopes }) => touched && slopes.some(({ name, slope }) => (name === 'sigmoid' || name === 'tanh') && slope < 0.01),
  },
  { id: 'dead', isDone: ({ touched, slopes, x }) => touched && x < 0 && slopes.some(({ name, slope }) => name === 'relu' && slope === 0) },
  { id: 'steepest', isDone: ({ touched, slopes }) => touched && slopes.some(({ name, slope }) => name === 'sigmoid' && slope > 0.2499) },
  { id: 'sure', isDone: ({ touched, probabilities }) => touched && probabilities.some((probability) => probability > 0.99) },
  { id: 'wrong', isDone: ({ touched, loss }) => touched && loss > 3 },
];

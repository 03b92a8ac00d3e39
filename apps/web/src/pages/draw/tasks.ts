// What one can try on the page "draw".

import type { Task } from '../../experiment/tasks.tsx';

/** What the tasks look at. */
export interface DrawProgress {
  readonly probabilities: readonly number[];
  /** Whether the user has drawn anything. */
  readonly drawn: boolean;
  /** The classes that were read surely since the page was opened. */
  readonly surelyRead: ReadonlySet<number>;
}

/** A digit with this probability is read surely. */
export const SURE = 0.9;

export const drawTasks: readonly Task<DrawProgress>[] = [
  { id: 'seven', isDone: ({ surelyRead }) => surelyRead.has(7) },
  {
    id: 'between',
    isDone: ({ probabilities, drawn }) => drawn && probabilities.filter((value) => value >= 0.3 && value <= 0.7).length === 2,
  },
  { id: 'five', isDone: ({ surelyRead }) => surelyRead.size >= 5 },
];

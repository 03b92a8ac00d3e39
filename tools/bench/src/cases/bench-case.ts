// What a case is: a task, its numbers, what the right result is, and how much work it counts as.

import type { Arrays } from '../problem/numbers.ts';
import type { Task } from '../problem/task.ts';

/** What is expected of one output: the values at some flat indices of it, or all values. */
export interface Expected {
  readonly indices?: readonly number[];
  readonly values: readonly number[];
}

export interface BenchCase {
  /** As it is named on the command line. */
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  /** How results are printed: the work done in a second, or the time of a run. */
  readonly unit: 'GFLOP/s' | 'images/s' | 'µs';
  /** Floating-point operations of a run, a multiplication and an addition counted as two; of the plain algorithm, whatever is used. */
  readonly flops: number;
  /** Bytes that a run must read and write at least: every input and output once. Where there is no number, they depend on what is kept between layers. */
  readonly bytes?: number;
  /** Images that a run takes, where that is the unit. */
  readonly images?: number;
  /** Bound of |value - expected| / root mean square of the expected values, and why it is that. */
  readonly tolerance: number;
  arrays(): Arrays;
  /** The right results. */
  expected(arrays: Arrays): Readonly<Record<string, Expected>>;
}

/** A case as reports know it. */
export type ReportedCase = Omit<BenchCase, 'arrays' | 'expected' | 'task' | 'tolerance'>;

/** The work of a case in its unit, done in so many seconds; microseconds themselves where that is the unit. */
export function rate({ unit, flops, images }: Pick<BenchCase, 'unit' | 'flops' | 'images'>, seconds: number): number {
  switch (unit) {
    case 'GFLOP/s':
      return flops / seconds / 1e9;
    case 'images/s':
      return images! / seconds;
    case 'µs':
      return seconds * 1e6;
  }
}

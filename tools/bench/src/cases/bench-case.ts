// The definition of a case: its task, inputs, right results, and amount of work.

import type { Arrays } from '../problem/numbers.ts';
import type { Task } from '../problem/task.ts';

/** The expected values of one output, at some flat indices or at all of them. */
export interface Expected {
  readonly indices?: readonly number[];
  readonly values: readonly number[];
}

export interface BenchCase {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  /** Unit of printed results: work per second, or time per run. */
  readonly unit: 'GFLOP/s' | 'images/s' | 'tokens/s' | 'µs';
  /** Floating-point operations of a run; a multiply-add counts as two. Always those of the plain algorithm, whichever is used. */
  readonly flops: number;
  /** Fewest bytes that a run reads and writes: every input and output once. Undefined if they depend on what is kept between layers. */
  readonly bytes?: number;
  /** Number of images or tokens (steps of a sequence) of a run, if the unit is images/s or tokens/s. */
  readonly items?: number;
  /** Bound of |value - expected| / root mean square of the expected values. */
  readonly tolerance: number;
  arrays(): Arrays;
  /** The right results. */
  expected(arrays: Arrays): Readonly<Record<string, Expected>>;
}

/** The part of a case that reports use. */
export type ReportedCase = Omit<BenchCase, 'arrays' | 'expected' | 'task' | 'tolerance'>;

/** The result of a run of so many seconds, in the unit of its case. */
export function rate({ unit, flops, items }: Pick<BenchCase, 'unit' | 'flops' | 'items'>, seconds: number): number {
  switch (unit) {
    case 'GFLOP/s':
      return flops / seconds / 1e9;
    case 'images/s':
    case 'tokens/s':
      return items! / seconds;
    case 'µs':
      return seconds * 1e6;
  }
}

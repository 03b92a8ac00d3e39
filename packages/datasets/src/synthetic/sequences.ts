// Sequences that show what a recurrent network can keep in mind.

import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { fillRows } from '../arrays/array-dataset.ts';
import { sine } from '../maths/elementary.ts';
import type { HostArray } from '../pipeline/collate.ts';
import { NOISE, SYNTHETIC, keyOf, streamOf } from './options.ts';
import type { SyntheticOptions } from './options.ts';

/** Sequences with their targets: `arrayDataset(sequences)` makes a dataset of them. */
export interface Sequences {
  readonly x: HostArray;
  readonly y: HostArray;
}

/** Most steps of a sequence. */
const STEPS = check.integer(2, 100_000);

export interface SineOptions extends SyntheticOptions {
  /** Steps that are given, 2 to 100,000. @default 32 */
  readonly length?: number;
  /** Standard deviation of the noise on the given steps. @default 0 */
  readonly noise?: number;
}

const SINE: OptionChecks<SineOptions> = { ...SYNTHETIC, length: STEPS, noise: NOISE };

/**
 * Sine waves of random amplitude 0.5 to 1, phase, and period 8 to 32 steps; the target is the next value.
 * @returns x float32 `[count, length, 1]`, y float32 `[count, 1]`
 * @throws SinapseError when an option is out of range
 */
export function sineWaves(options: SineOptions = {}): Sequences {
  checkOptions('sineWaves', options, SINE);
  const { count = 1000, length = 32, noise = 0 } = options;
  const key = keyOf('sine waves', options);
  const next = new Float32Array(count);
  const x = fillRows(count, [length, 1], (row, index) => {
    const random = streamOf(key, index);
    const amplitude = 0.5 + 0.5 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    const step = (2 * Math.PI) / (8 + 24 * random.uniform());
    for (let t = 0; t < length; t++) row[t] = amplitude * sine(phase + step * t) + (noise > 0 ? noise * random.normal() : 0);
    next[index] = amplitude * sine(phase + step * length);
  });
  return { x, y: { data: next, shape: [count, 1] } };
}

export interface AddingOptions extends SyntheticOptions {
  /** Steps of a sequence, 2 to 100,000. @default 50 */
  readonly length?: number;
}

const ADDING: OptionChecks<AddingOptions> = { ...SYNTHETIC, length: STEPS };

/**
 * The adding problem: numbers in [0, 1), two of which are marked, one in each half; the target is their sum (Hochreiter, Schmidhuber 1997,
 * section 5.4, in the common form of Le et al. 2015). Always answering 1 gives a mean squared error of 1/6.
 * @returns x float32 `[count, length, 2]`, the number and its mark; y float32 `[count, 1]`
 * @throws SinapseError when an option is out of range
 */
export function addingProblem(options: AddingOptions = {}): Sequences {
  checkOptions('addingProblem', options, ADDING);
  const { count = 1000, length = 50 } = options;
  const key = keyOf('adding problem', options);
  const sums = new Float32Array(count);
  const half = Math.floor(length / 2);
  const x = fillRows(count, [length, 2], (row, index) => {
    const random = streamOf(key, index);
    const marked = [random.below(half), half + random.below(length - half)] as const;
    for (let t = 0; t < length; t++) row[2 * t] = random.uniform();
    for (const t of marked) row[2 * t + 1] = 1;
    sums[index] = row[2 * marked[0]]! + row[2 * marked[1]]!;
  });
  return { x, y: { data: sums, shape: [count, 1] } };
}

export interface CopyOptions extends SyntheticOptions {
  /** Symbols to remember, 1 to 1000. @default 10 */
  readonly length?: number;
  /** Steps between them and the signal to repeat them, 0 to 100,000. @default 20 */
  readonly delay?: number;
  /** Number of different symbols, 1 to 1000. @default 8 */
  readonly symbols?: number;
}

const COPY: OptionChecks<CopyOptions> = {
  ...SYNTHETIC,
  length: check.integer(1, 1000),
  delay: check.integer(0, 100_000),
  symbols: check.integer(1, 1000),
};

/**
 * The copy task: `length` symbols, `delay` blanks, a signal, and as many blanks as there were symbols, during which the network must repeat
 * them (Hochreiter, Schmidhuber 1997, in the form of Arjovsky et al. 2016). Symbols are 1 to `symbols`, the blank is 0, the signal
 * `symbols + 1`.
 * @returns x and y int32 `[count, delay + 2 · length + 1]`; y is 0 until the symbols are to be repeated
 * @throws SinapseError when an option is out of range
 */
export function copyTask(options: CopyOptions = {}): Sequences {
  checkOptions('copyTask', options, COPY);
  const { count = 1000, length = 10, delay = 20, symbols = 8 } = options;
  const key = keyOf('copy task', options);
  const steps = delay + 2 * length + 1;
  const [x, y] = [new Int32Array(count * steps), new Int32Array(count * steps)];
  for (let i = 0; i < count; i++) {
    const random = streamOf(key, i);
    for (let t = 0; t < length; t++) {
      const symbol = 1 + random.below(symbols);
      x[i * steps + t] = symbol;
      y[i * steps + steps - length + t] = symbol;
    }
    x[i * steps + length + delay] = symbols + 1;
  }
  return { x: { data: x, shape: [count, steps] }, y: { data: y, shape: [count, steps] } };
}

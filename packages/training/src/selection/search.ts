// Hyper-parameter search: tries values of parameters and keeps the best. What a trial is worth is the caller's function, usually the mean of a
// cross-validation.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, randomKey, shown } from '@sinapse/core';
import { FIT } from '../arguments.ts';
import type { Json } from '../json.ts';
import type { ParametersOf, SearchSpace } from './search-space.ts';
import { checkSpace, drawFrom, gridOf } from './search-space.ts';
import type { TrialLog } from './trial-log.ts';
import { LOG, Records } from './trial-log.ts';

/** Says what parameters are worth. */
export type Objective<P> = (parameters: P, trial: TrialInfo) => number | Promise<number>;

export interface TrialInfo {
  /** The number of the trial, from 0. */
  readonly number: number;
  /** A seed of its own, for weights and folds. */
  readonly seed: number;
  /** What the trial may spend, e.g. epochs: in successive halving. */
  readonly resource?: number;
}

export interface Trial<P> {
  readonly number: number;
  readonly resource?: number;
  readonly parameters: P;
  readonly score: number;
}

export interface SearchResult<P> {
  /** Of equal scores, the first. A score that is NaN is never the best. */
  readonly best: Trial<P>;
  /** In the order in which they were run. */
  readonly trials: readonly Trial<P>[];
}

export interface SearchOptions<P = unknown> {
  /** Which score is best. Default `lowest`. */
  readonly best?: 'lowest' | 'highest';
  /** Keeps each trial when it is done. A search with the log of an interrupted one goes on behind its last trial. */
  readonly log?: TrialLog;
  /** Called after each trial, also those from the log. */
  readonly onTrial?: (trial: Trial<P>) => void | Promise<void>;
  /** Ends the search after the running trial: its reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface RandomSearchOptions<P = unknown> extends SearchOptions<P> {
  readonly trials: number;
  /** The seed of the draws. Default 0. */
  readonly seed?: number;
}

export const SEARCH: OptionChecks<SearchOptions> = {
  best: check.oneOf(['lowest', 'highest']),
  log: LOG,
  onTrial: check.callable,
  signal: FIT.signal,
};

const RANDOM: OptionChecks<RandomSearchOptions> = { ...SEARCH, trials: check.required(check.count), seed: check.natural };

/** @throws SinapseError unless the function and the space are right */
export function checkSearch(owner: string, objective: unknown, space: unknown): void {
  checkValue(`${owner}: the objective`, objective, { ...check.callable, expected: 'a function of the parameters that gives a number' });
  checkSpace(owner, space);
}

/**
 * Tries every combination of values, in their order.
 * @param objective is called with one combination after another
 * @param space lists of values, and ranges with `points`
 * @throws SinapseError when an argument is wrong, or a score is not a number; TrainingError when the log is of another search
 */
export async function gridSearch<const Space extends SearchSpace>(
  objective: Objective<ParametersOf<Space>>,
  space: Space,
  options: SearchOptions<ParametersOf<Space>> = {},
): Promise<SearchResult<ParametersOf<Space>>> {
  checkSearch('gridSearch', objective, space);
  checkOptions('gridSearch', options, SEARCH);
  const grid = gridOf('gridSearch', space);
  const records = await Records.open('gridSearch', options.log, { search: 'grid', space: space as unknown as Json });
  const trials = await runTrials('gridSearch', objective, grid.entries(), options, records, 0);
  return { best: bestOf(trials, options), trials };
}

/**
 * Tries combinations drawn at random. If only a few parameters matter, this finds better ones than a grid of as many trials. Bergstra, Bengio 2012,
 * "Random search for hyper-parameter optimization".
 *
 * Trial number n is the same however many there are: a search with its log can be continued with more `trials`.
 * @param objective is called with one combination after another
 * @param space lists of values, and ranges
 * @throws SinapseError when an argument is wrong, or a score is not a number; TrainingError when the log is of another search
 */
export async function randomSearch<const Space extends SearchSpace>(
  objective: Objective<ParametersOf<Space>>,
  space: Space,
  options: RandomSearchOptions<ParametersOf<Space>>,
): Promise<SearchResult<ParametersOf<Space>>> {
  checkSearch('randomSearch', objective, space);
  checkOptions('randomSearch', options, RANDOM);
  const { trials: count, seed = 0 } = options;
  const draws = drawn(space, count, seed);
  const records = await Records.open('randomSearch', options.log, { search: 'random', seed, space: space as unknown as Json });
  const trials = await runTrials('randomSearch', objective, draws.entries(), options, records, seed);
  return { best: bestOf(trials, options), trials };
}

/** Combinations drawn at random, each by its number. */
export function drawn<Space extends SearchSpace>(space: Space, count: number, seed: number): ParametersOf<Space>[] {
  return Array.from({ length: count }, (_, number) => drawFrom(space, randomKey(seed).fold('trial').fold(number)));
}

/**
 * Runs trials one after another, or takes their scores from the log.
 * @throws SinapseError when a score is not a number; the signal's reason when it is aborted
 */
export async function runTrials<P>(
  owner: string,
  objective: Objective<P>,
  parameters: Iterable<readonly [number: number, parameters: P]>,
  { onTrial, signal }: SearchOptions<P>,
  records: Records,
  seed: number,
  resource?: number,
): Promise<Trial<P>[]> {
  const trials: Trial<P>[] = [];
  const spent = resource === undefined ? {} : { resource };
  for (const [number, values] of parameters) {
    const id = { trial: number, ...spent, parameters: values as Json };
    let score = records.next(id);
    if (score === undefined) {
      signal?.throwIfAborted();
      const given: unknown = await objective(values, { number, seed: randomKey(seed).fold('seed').fold(number).low, ...spent });
      if (typeof given !== 'number')
        throw new SinapseError(`${owner}: the objective must give a number, got ${shown(given)} in trial ${number}`);
      score = given;
      await records.add(id, score);
    }
    trials.push({ number, ...spent, parameters: values, score });
    await onTrial?.(trials.at(-1)!);
  }
  return trials;
}

/** Trials from the best to the worst; NaN is worst, and equal ones keep their order. */
export function ranked<P>(trials: readonly Trial<P>[], { best = 'lowest' }: SearchOptions<P>): Trial<P>[] {
  const cost = ({ score }: Trial<P>): number => (Number.isNaN(score) ? Infinity : best === 'lowest' ? score : -score);
  const worse = (a: number, b: number): number => (a === b ? 0 : a - b);
  return trials.toSorted((a, b) => Number(Number.isNaN(a.score)) - Number(Number.isNaN(b.score)) || worse(cost(a), cost(b)));
}

function bestOf<P>(trials: readonly Trial<P>[], options: SearchOptions<P>): Trial<P> {
  return ranked(trials, options)[0]!;
}

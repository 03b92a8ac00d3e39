// Successive halving: many candidates get a little, the best of them more, and so on.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { Json } from '../json.ts';
import type { ParametersOf, SearchSpace } from './search-space.ts';
import type { Objective, SearchOptions, SearchResult, Trial } from './search.ts';
import { SEARCH, checkSearch, drawn, ranked, runTrials } from './search.ts';
import { Records } from './trial-log.ts';

export interface SuccessiveHalvingOptions<P = unknown> extends SearchOptions<P> {
  /** The number of candidates, drawn at random. */
  readonly candidates: number;
  /** What each candidate may spend at first, e.g. in epochs: a whole number, as are all amounts. Default 1. */
  readonly least?: number;
  /** What the last ones may spend. */
  readonly most: number;
  /** One in so many candidates stays in each round, and may spend so many times as much. Default 3. */
  readonly factor?: number;
  /** The seed of the draws. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<SuccessiveHalvingOptions> = {
  ...SEARCH,
  candidates: check.required(check.count),
  least: check.count,
  most: check.required(check.count),
  factor: { expected: 'an integer >= 2', accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 2 },
  seed: check.natural,
};

/**
 * Draws candidates at random, and in each round keeps one in `factor` of them, which may then spend `factor` times as much. Jamieson, Talwalkar 2016,
 * "Non-stochastic best arm identification and hyperparameter optimization", as in Li and others 2018, "Hyperband", algorithm 1.
 *
 * The objective is told with `resource` what it may spend; it trains anew, or goes on with what it kept by the trial's `number`.
 * @returns the trials of all rounds; the best is one of the last round
 * @throws SinapseError when an argument is wrong, or a score is not a number; TrainingError when the log is of another search
 */
export async function successiveHalving<const Space extends SearchSpace>(
  objective: Objective<ParametersOf<Space>>,
  space: Space,
  options: SuccessiveHalvingOptions<ParametersOf<Space>>,
): Promise<SearchResult<ParametersOf<Space>>> {
  type P = ParametersOf<Space>;
  checkSearch('successiveHalving', objective, space);
  checkOptions('successiveHalving', options, OPTIONS);
  const { candidates, least = 1, most, factor = 3, seed = 0, best = 'lowest' } = options;
  if (least > most) throw new SinapseError(`successiveHalving: least: expected at most ${most}, which is most, got ${least}`);
  const settings = { search: 'halving', seed, candidates, least, most, factor, best, space: space as unknown as Json };
  const records = await Records.open('successiveHalving', options.log, settings);

  const trials: Trial<P>[] = [];
  let staying: [number, P][] = [...drawn(space, candidates, seed).entries()];
  for (let resource = least; ; resource = Math.min(resource * factor, most)) {
    const round = await runTrials('successiveHalving', objective, staying, options, records, seed, resource);
    trials.push(...round);
    const order = ranked(round, options);
    if (resource === most) return { best: order[0]!, trials };
    const kept = order.slice(0, Math.max(1, Math.floor(staying.length / factor)));
    staying = kept.sort((a, b) => a.number - b.number).map(({ number, parameters }) => [number, parameters]);
  }
}

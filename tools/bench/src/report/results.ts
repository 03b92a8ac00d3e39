// What the reports show: each contestant's best on each case, and how ours compare with the others.

import type { ReportedCase } from '../cases/bench-case.ts';
import { rate } from '../cases/bench-case.ts';
import type { Contestant } from '../contestants.ts';
import type { Entry, Measured } from '../measure/measure.ts';
import type { Roofline } from '../measure/roofline.ts';
import { median, spread } from './statistics.ts';

export type ReportedContestant = Pick<Contestant, 'name' | 'title' | 'ours' | 'kind'>;

export interface Results {
  readonly machine: Machine;
  readonly roofline: Roofline;
  readonly threads: readonly number[];
  readonly cases: readonly ReportedCase[];
  readonly contestants: readonly ReportedContestant[];
  readonly entries: readonly Entry[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** ISO 8601, the day. */
  readonly date: string;
}

/** A contestant's best setting on a case, within a number of threads. */
export interface Best {
  readonly entry: Entry;
  readonly measured: Measured;
  /** Seconds of a run: the median over the rounds. */
  readonly seconds: number;
  /** In the case's unit. */
  readonly rate: number;
  /** Relative to the rate. */
  readonly spread: number;
}

export interface Ratio {
  readonly case: string;
  readonly threads: number;
  readonly ours: string;
  readonly peer: string;
  /** How many times as fast ours is. */
  readonly ratio: number;
}

/** The best of a contestant's settings with at most so many threads; the reason when there is none; undefined when it did not take part. */
export function bestOf({ entries }: Results, benchCase: ReportedCase, contestant: string, threads: number): Best | string | undefined {
  const own = entries.filter((entry) => entry.case === benchCase.name && entry.contestant === contestant && entry.threads <= threads);
  const measured = own.flatMap((entry) =>
    'rounds' in entry.result ? [{ entry, measured: entry.result, seconds: median(entry.result.rounds) }] : [],
  );
  const [best] = measured.sort((a, b) => a.seconds - b.seconds);
  if (best !== undefined) return { ...best, rate: rate(benchCase, best.seconds), spread: spread(best.measured.rounds) };
  return own.map(({ result }) => ('reason' in result ? result.reason : ''))[0];
}

/** Ours against every peer, wherever both were measured. */
export function ratiosOf(results: Results): Ratio[] {
  const ours = results.contestants.filter((contestant) => contestant.ours);
  const peers = results.contestants.filter((contestant) => !contestant.ours);
  return results.threads.flatMap((threads) =>
    results.cases.flatMap((benchCase) =>
      ours.flatMap((own) =>
        peers.flatMap((peer) => {
          const [a, b] = [own, peer].map(({ name }) => bestOf(results, benchCase, name, threads));
          if (typeof a !== 'object' || typeof b !== 'object') return [];
          return [{ case: benchCase.name, threads, ours: own.name, peer: peer.name, ratio: b.seconds / a.seconds }];
        }),
      ),
    ),
  );
}

/** The share of the processor that others took while this was measured: the median over all rounds of all entries. NaN where nothing was. */
export function disturbance({ entries }: Results): number {
  return median(entries.flatMap(({ result }) => ('rounds' in result ? result.others : [])));
}

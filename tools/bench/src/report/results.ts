// The figures of the reports: each contestant's best on each case, and the ratios of our engines to the others.

import type { ReportedCase } from '../cases/bench-case.ts';
import { rate } from '../cases/bench-case.ts';
import type { Contestant } from '../contestants.ts';
import type { Entry, Measured } from '../measure/measure.ts';
import type { Roofline } from '../measure/roofline.ts';
import { median, spread } from './statistics.ts';

export interface ReportedContestant extends Pick<Contestant, 'name' | 'title' | 'ours' | 'kind'> {
  /** Why ratios to it are not counted. */
  readonly handicap?: string;
}

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
  /** The day, as in ISO 8601. */
  readonly date: string;
}

/** A contestant's best setting on a case, with up to some number of threads. */
export interface Best {
  readonly entry: Entry;
  readonly measured: Measured;
  /** Seconds of a run, the median of all rounds. */
  readonly seconds: number;
  /** The rate in the case's unit. */
  readonly rate: number;
  /** The spread relative to the rate. */
  readonly spread: number;
}

export interface Ratio {
  readonly case: string;
  readonly threads: number;
  readonly ours: string;
  readonly peer: string;
  /** How many times as fast our engine is. */
  readonly ratio: number;
}

/** A contestant's best setting with up to `threads` threads; the reason if nothing was measured; undefined if it did not take part. */
export function bestOf({ entries }: Results, benchCase: ReportedCase, contestant: string, threads: number): Best | string | undefined {
  const own = entries.filter((entry) => entry.case === benchCase.name && entry.contestant === contestant && entry.threads <= threads);
  const measured = own.flatMap((entry) =>
    'rounds' in entry.result ? [{ entry, measured: entry.result, seconds: median(entry.result.rounds) }] : [],
  );
  const [best] = measured.sort((a, b) => a.seconds - b.seconds);
  if (best !== undefined) return { ...best, rate: rate(benchCase, best.seconds), spread: spread(best.measured.rounds) };
  return own.map(({ result }) => ('reason' in result ? result.reason : ''))[0];
}

/** Ratios of our engines to every peer without a handicap, for the cases where both were measured. */
export function ratiosOf(results: Results): Ratio[] {
  const ours = results.contestants.filter((contestant) => contestant.ours);
  const peers = results.contestants.filter(({ ours, handicap }) => !ours && handicap === undefined);
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

/** The share of the processor that other programs used: the median over all rounds of all entries. NaN if nothing was measured. */
export function disturbance({ entries }: Results): number {
  return median(entries.flatMap(({ result }) => ('rounds' in result ? result.others : [])));
}

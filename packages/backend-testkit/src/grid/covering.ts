// Covering arrays: a short list of rows in which every pair (or triple) of parameter values occurs together at least once. Most bugs need
// one value, or two together (Kuhn, Wallace, Gallo 2004); all combinations of a convolution's parameters would be millions.
//
// Rows are built greedily, as in AETG (Cohen, Dalal, Fredman, Patton 1997): begin with a tuple that is not covered yet, then give every other
// parameter the value that covers most. The first rows therefore cover most, and a prefix of the list is a good smaller grid.

import type { RandomKey } from '@sinapse/core';
import { Draws } from './draws.ts';

/** The values each parameter can take. */
export type Parameters<Row extends object> = { readonly [P in keyof Row]: readonly Row[P][] };

/** How many rows are tried for every tuple; the best is taken. */
const CANDIDATES = 5;
/** How many random completions are tried before a tuple counts as one that no allowed row contains. */
const REPAIRS = 40;

/**
 * Rows, made as they are asked for, that together contain every allowed combination of `strength` parameter values. The same key gives the same rows.
 * @param allowed refuses rows that make no sense; combinations that occur only in refused rows are left out
 */
export function* coveringRows<Row extends object>(
  parameters: Parameters<Row>,
  strength: 2 | 3,
  key: RandomKey,
  allowed: (row: Row) => boolean = () => true,
): Generator<Row, void, undefined> {
  const names = Object.keys(parameters) as (keyof Row)[];
  const sizes = names.map((name) => parameters[name].length);
  if (sizes.includes(0)) return;
  const random = new Draws(key);
  const tuples = new Tuples(sizes, Math.min(strength, names.length));
  const rowOf = (choice: readonly number[]): Row => {
    const row: Partial<Row> = {};
    names.forEach((name, p) => (row[name] = parameters[name][choice[p]!]!));
    return row as Row;
  };

  const complete = (fixed: readonly number[], greedy: boolean): number[] => {
    const choice = [...fixed];
    for (const p of shuffled(names.length, random)) {
      if (choice[p] !== FREE) continue;
      choice[p] = greedy ? tuples.bestValue(choice, p, random) : random.below(sizes[p]!);
    }
    return choice;
  };

  for (let first = tuples.someUncovered(random); first !== undefined; first = tuples.someUncovered(random)) {
    let best: number[] | undefined;
    let bestGain = 0;
    for (let attempt = 0; attempt < REPAIRS && (attempt < CANDIDATES || best === undefined); attempt++) {
      const choice = complete(first, attempt < CANDIDATES);
      if (!allowed(rowOf(choice))) continue;
      const gain = tuples.gain(choice);
      if (gain > bestGain) [best, bestGain] = [choice, gain];
    }
    tuples.cover(best ?? first);
    if (best !== undefined) yield rowOf(best);
  }
}

/** Marks a parameter that has no value yet. */
const FREE = -1;

/** Which combinations of values have been seen, one flag each. */
class Tuples {
  private readonly sizes: readonly number[];
  /** Every choice of `strength` parameters, and where its flags begin. */
  private readonly combinations: { readonly parameters: readonly number[]; readonly begin: number; readonly count: number }[] = [];
  private readonly combinationsOf: number[][];
  private readonly covered: Uint8Array;

  constructor(sizes: readonly number[], strength: number) {
    this.sizes = sizes;
    this.combinationsOf = sizes.map(() => []);
    let begin = 0;
    const choose = (chosen: readonly number[], next: number): void => {
      if (chosen.length === strength) {
        const count = chosen.reduce((product, p) => product * sizes[p]!, 1);
        for (const p of chosen) this.combinationsOf[p]!.push(this.combinations.length);
        this.combinations.push({ parameters: chosen, begin, count });
        begin += count;
        return;
      }
      for (let p = next; p < sizes.length; p++) choose([...chosen, p], p + 1);
    };
    choose([], 0);
    this.covered = new Uint8Array(begin);
  }

  /** A row with only the values of one tuple that no row contains yet. The tuple is random, so that any prefix of the rows is a mixture. */
  someUncovered(random: Draws): number[] | undefined {
    const from = random.below(this.covered.length);
    const after = this.covered.indexOf(0, from);
    const flag = after >= 0 ? after : this.covered.indexOf(0);
    if (flag < 0) return undefined;
    const { parameters, begin } = this.combinations.findLast((combination) => combination.begin <= flag)!;
    const choice = this.sizes.map(() => FREE);
    let rest = flag - begin;
    for (const p of [...parameters].reverse()) {
      choice[p] = rest % this.sizes[p]!;
      rest = Math.floor(rest / this.sizes[p]!);
    }
    return choice;
  }

  /** The value of a parameter that covers most new tuples together with the values already chosen. Ties are broken at random. */
  bestValue(choice: readonly number[], parameter: number, random: Draws): number {
    const size = this.sizes[parameter]!;
    const trial = [...choice];
    const start = random.below(size);
    let best = start;
    let bestGain = -1;
    for (let i = 0; i < size; i++) {
      const value = (start + i) % size;
      trial[parameter] = value;
      const gain = this.gain(trial, this.combinationsOf[parameter]);
      if (gain > bestGain) [best, bestGain] = [value, gain];
    }
    return best;
  }

  /** How many new tuples a row contains. */
  gain(choice: readonly number[], among?: readonly number[]): number {
    let gain = 0;
    const count = among?.length ?? this.combinations.length;
    for (let i = 0; i < count; i++) {
      const flag = this.flagOf(choice, among?.[i] ?? i);
      if (flag !== undefined && this.covered[flag] === 0) gain++;
    }
    return gain;
  }

  cover(choice: readonly number[]): void {
    for (let i = 0; i < this.combinations.length; i++) {
      const flag = this.flagOf(choice, i);
      if (flag !== undefined) this.covered[flag] = 1;
    }
  }

  private flagOf(choice: readonly number[], combination: number): number | undefined {
    const { parameters, begin } = this.combinations[combination]!;
    let at = 0;
    for (const p of parameters) {
      if (choice[p] === FREE) return undefined;
      at = at * this.sizes[p]! + choice[p]!;
    }
    return begin + at;
  }
}

function shuffled(count: number, random: Draws): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

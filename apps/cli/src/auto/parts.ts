// Splits the examples of a problem into those to train on, those that end the training, and those that test it.

import { SinapseError } from '@sinapse/core';
import { stratifiedSplit } from '@sinapse/datasets/tables';
import type { Duplicates, Parts } from './problem.ts';

/** The least examples that can be split into three parts. */
const FEWEST = 10;

/** The shares of the three parts: of many examples fewer are needed to measure well. */
function sharesOf(count: number): readonly [number, number, number] {
  return count < 2000 ? [0.64, 0.16, 0.2] : [0.8, 0.1, 0.1];
}

/** What of a problem decides its parts. */
export interface Splittable {
  readonly name: string;
  readonly count: number;
  readonly task: 'classification' | 'regression';
  readonly targets: ArrayLike<number>;
  readonly duplicates: Duplicates;
  /** Parts that the data have already; empty ones are chosen. */
  readonly given?: { readonly validation: Int32Array; readonly test: Int32Array };
}

/** Of a large set that has its own test part, the most examples that are held back to end the training. */
const MOST_VALIDATION = 2500;

/**
 * Splits stratified: each part has each class in the same share. Copies of an example stay with it, so that none is in two parts.
 * @throws SinapseError when there are too few examples
 */
export function partsOf(problem: Splittable, seed: number): Parts {
  const { given = { validation: new Int32Array(), test: new Int32Array() } } = problem;
  const taken = new Set([...given.validation, ...given.test]);
  const free = Array.from({ length: problem.count }, (_, i) => i).filter((index) => !taken.has(index));
  if (free.length < FEWEST)
    throw new SinapseError(`${problem.name}: ${free.length} examples are too few to learn from; at least ${FEWEST} are needed, and some hundred are better`); // prettier-ignore
  const followers = followersOf(problem.duplicates);
  const leaders = free.filter((index) => !followers.has(index) || taken.has(followers.get(index)!));
  const labels = problem.task === 'classification' ? leaders.map((index) => problem.targets[index]!) : leaders.length;
  const [train, validation, test] = sharesOf(leaders.length);
  const hasTest = given.test.length > 0;
  const hasValidation = given.validation.length > 0;
  const validationShare = Math.min(validation / (hasTest ? train + validation : 1), MOST_VALIDATION / leaders.length);
  const testShare = hasTest ? 0 : test;
  const wanted = [1 - testShare - (hasValidation ? 0 : validationShare), hasValidation ? 0 : validationShare, testShare];
  const places = stratifiedSplit(labels, { shares: wanted.filter((share) => share > 0), seed });
  const chosen = wanted.map((share) => (share > 0 ? withFollowers(places.shift()!, leaders, followers, taken) : new Int32Array()));
  return {
    train: chosen[0]!,
    validation: hasValidation ? given.validation : chosen[1]!,
    test: hasTest ? given.test : chosen[2]!,
  };
}

/** For each copy the first example of its group. */
function followersOf({ exact, near }: Duplicates): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  const root = (index: number): number => (first.has(index) ? root(first.get(index)!) : index);
  for (const [leader, ...others] of [...exact, ...near])
    for (const other of others) {
      const [from, to] = [root(other), root(leader!)].sort((a, b) => b - a) as [number, number];
      if (from !== to) first.set(from, to);
    }
  return new Map([...first.keys()].map((index) => [index, root(index)]));
}

function withFollowers(
  places: Int32Array,
  leaders: readonly number[],
  followers: ReadonlyMap<number, number>,
  taken: ReadonlySet<number>,
): Int32Array {
  const chosen = new Set(Array.from(places, (place) => leaders[place]!));
  const added = [...followers].filter(([index, leader]) => chosen.has(leader) && !taken.has(index) && !chosen.has(index));
  return Int32Array.from([...chosen, ...added.map(([index]) => index)]);
}

/** Groups of copies that lie in more than one part, which only happens if the folder itself has parts. */
export function acrossParts({ exact, near }: Duplicates, parts: Parts): number {
  const partOf = new Map<number, string>();
  for (const [name, indices] of Object.entries(parts) as [string, Int32Array][]) for (const index of indices) partOf.set(index, name);
  return [...exact, ...near].filter((group) => new Set(group.map((index) => partOf.get(index))).size > 1).length;
}

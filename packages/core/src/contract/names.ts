// Suggests the name that a caller who misspelt one probably meant.

import { SinapseError } from './errors.ts';
import { shown, shownName } from './shown.ts';

/**
 * The given name, as one of the known names.
 * @param what kind of thing it names, for the message: `optimizer`
 * @throws SinapseError when it is not known: `optimizer adma is not known; did you mean adam?`
 */
export function knownName<T extends string>(what: string, name: unknown, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new SinapseError(
    `${what} ${typeof name === 'string' ? shownName(name) : shown(name)} is not known; ${suggestion(typeof name === 'string' ? name : '', known)}`,
  );
}

/** The most known names that a message lists. */
const MOST_LISTED = 40;

/** What to say after an unknown name: `did you mean adam?`, or, if no known name is close, all of them (of very many, the first). */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const listed = known.length > MOST_LISTED ? [...known.slice(0, MOST_LISTED), '…'] : known;
  return nearest === undefined ? `there are ${listed.join(', ')}` : `did you mean ${nearest}?`;
}

/** The longest word that is compared: the distance takes the product of both lengths in steps, and words may come from files. */
const LONGEST = 100;

/**
 * The candidate closest to a word of at most 100 characters, for "did you mean". Its Damerau-Levenshtein distance is at most a third of the
 * word's length plus one.
 */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.floor(word.length / 3) + 2;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours each cost one. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

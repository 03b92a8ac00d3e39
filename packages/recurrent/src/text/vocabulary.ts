// Characters as numbers.

import type { Check } from '@sinapse/core';
import { SinapseError, checkValue } from '@sinapse/core';

/** What stands for a character that is not in the vocabulary. Its number is 0 in every vocabulary. */
export const UNKNOWN = '\uFFFD';

const TEXT: Check = { expected: 'a text', accepts: (value) => typeof value === 'string' };

/** The characters of a text, each once and sorted, after the one that stands for unknown ones. Characters are Unicode code points. */
export function vocabularyOf(text: string): readonly string[] {
  checkValue('vocabularyOf: text', text, TEXT);
  const characters = new Set(Array.from(text));
  characters.delete(UNKNOWN);
  return [UNKNOWN, ...[...characters].sort()];
}

/** A text as numbers, and the characters that are not in the vocabulary. */
export interface EncodedText {
  readonly ids: Int32Array;
  /** Each once, in the order of the text. */
  readonly unknown: readonly string[];
}

/** @throws SinapseError unless the vocabulary is one that `vocabularyOf` gives */
export function checkVocabulary(op: string, vocabulary: unknown): asserts vocabulary is readonly string[] {
  const right =
    Array.isArray(vocabulary) && vocabulary[0] === UNKNOWN && vocabulary.every((each) => typeof each === 'string') && vocabulary.length > 1;
  if (!right) throw new SinapseError(`${op}: vocabulary: expected a list of characters, as vocabularyOf(text) gives it`);
}

/** The number of each character of a text; 0 for one that the vocabulary does not have. */
export function encodeText(text: string, vocabulary: readonly string[]): EncodedText {
  checkValue('encodeText: text', text, TEXT);
  checkVocabulary('encodeText', vocabulary);
  const numbers = new Map(vocabulary.map((character, i) => [character, i]));
  const characters = Array.from(text);
  const unknown = new Set(characters.filter((character) => (numbers.get(character) ?? 0) === 0));
  return { ids: Int32Array.from(characters, (character) => numbers.get(character) ?? 0), unknown: [...unknown] };
}

/** The text of numbers. @throws SinapseError when one is not in the vocabulary */
export function decodeText(ids: ArrayLike<number>, vocabulary: readonly string[]): string {
  checkVocabulary('decodeText', vocabulary);
  return Array.from(ids, (id) => {
    const character = vocabulary[id];
    if (character === undefined) throw new SinapseError(`decodeText: ${id} is not in the vocabulary of ${vocabulary.length} characters`);
    return character;
  }).join('');
}

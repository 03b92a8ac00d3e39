// Texts as numbers: a code for each character, or for each word.

import { SinapseError, check, checkOptions, checkValue, shown } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';

const TEXTS: Check = {
  expected: 'a text or a list of texts',
  accepts: (value) => typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string')),
};

export interface VocabularyOptions {
  /** Most entries, the most frequent ones. @default all */
  readonly size?: number;
  /** Words in lower case. Only of words. @default true */
  readonly lowerCase?: boolean;
}

const VOCABULARY: OptionChecks<VocabularyOptions> = { size: check.count, lowerCase: check.flag };

/** What stands for characters or words that a vocabulary has not: code 1. Code 0 fills up short texts. */
const UNKNOWN = 1;
const RESERVED = 2;

/** Codes of characters or words. Plain JSON: store it with the model. */
export interface Vocabulary {
  readonly unit: 'character' | 'word';
  readonly lowerCase: boolean;
  /** The entry of code i + 2; 0 is padding, 1 what is unknown. */
  readonly entries: readonly string[];
}

/**
 * The characters of texts, as code points, the most frequent first, and in their order where they are equally frequent.
 * @throws SinapseError when the texts or an option are wrong
 */
export function characterVocabulary(texts: string | readonly string[], options: Omit<VocabularyOptions, 'lowerCase'> = {}): Vocabulary {
  checkValue('characterVocabulary', texts, TEXTS);
  checkOptions('characterVocabulary', options, VOCABULARY);
  return { unit: 'character', lowerCase: false, entries: frequent([texts].flat(), (text) => [...text], options.size) }; // oxlint-disable-line typescript/no-misused-spread
}

/**
 * The words of texts, the most frequent first: letters and digits that stand together, with apostrophes and hyphens within; every other character
 * but spaces is a word of its own.
 * @throws SinapseError when the texts or an option are wrong
 */
export function wordVocabulary(texts: string | readonly string[], options: VocabularyOptions = {}): Vocabulary {
  checkValue('wordVocabulary', texts, TEXTS);
  checkOptions('wordVocabulary', options, VOCABULARY);
  const { size, lowerCase = true } = options;
  return { unit: 'word', lowerCase, entries: frequent([texts].flat(), (text) => wordsOf(text, lowerCase), size) };
}

function frequent(texts: readonly string[], split: (text: string) => readonly string[], size = Infinity): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const unit of split(text)) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, size)
    .map(([unit]) => unit);
}

function wordsOf(text: string, lowerCase: boolean): string[] {
  const words: string[] = text.match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
  return lowerCase ? words.map((word) => word.toLowerCase()) : words;
}

const IS_VOCABULARY: Check = {
  expected: 'a vocabulary, of characterVocabulary or wordVocabulary',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    'unit' in value &&
    (value.unit === 'character' || value.unit === 'word') &&
    'entries' in value &&
    TEXTS.accepts(value.entries) &&
    Array.isArray(value.entries),
};

const codes = new WeakMap<Vocabulary, ReadonlyMap<string, number>>();

/**
 * The codes of a text, int32 `[length]`: from 2 on; 1 for what the vocabulary has not.
 * @throws SinapseError when the vocabulary or the text is none
 */
export function encodeText(vocabulary: Vocabulary, text: string): Int32Array {
  checkValue('encodeText: vocabulary', vocabulary, IS_VOCABULARY);
  if (typeof text !== 'string') throw new SinapseError(`encodeText: expected a text, got ${shown(text)}`);
  let places = codes.get(vocabulary);
  if (places === undefined) codes.set(vocabulary, (places = new Map(vocabulary.entries.map((entry, i) => [entry, i + RESERVED]))));
  const units = vocabulary.unit === 'word' ? wordsOf(text, vocabulary.lowerCase) : [...text]; // oxlint-disable-line typescript/no-misused-spread
  return Int32Array.from(units, (unit) => places.get(unit) ?? UNKNOWN);
}

/**
 * The text of codes: words with a space between. Padding is left out, and what is unknown is written as �.
 * @throws SinapseError when a code is out of range
 */
export function decodeCodes(vocabulary: Vocabulary, given: ArrayLike<number>): string {
  checkValue('decodeCodes: vocabulary', vocabulary, IS_VOCABULARY);
  checkValue('decodeCodes: codes', given, {
    expected: 'a list of codes',
    accepts: (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  });
  const most = check.integer(0, vocabulary.entries.length + RESERVED - 1);
  const units = Array.from(given, (code) => {
    checkValue('decodeCodes: code', code, most);
    return code === 0 ? undefined : (vocabulary.entries[code - RESERVED] ?? '\ufffd');
  });
  return units.filter((unit) => unit !== undefined).join(vocabulary.unit === 'word' ? ' ' : '');
}

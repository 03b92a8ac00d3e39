// From cells as a file holds them to a typed column.

import { SinapseError, check } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import type { Column } from './table.ts';

/** A cell of a file. */
export type Cell = string | number | boolean | null | undefined;

export interface ColumnOptions {
  /** Words that stand for a missing value, beside the empty cell. @default NA, N/A, NaN, null, None, nil and ? */
  readonly missing?: readonly string[];
  /** The decimal mark of numbers. `'auto'` takes a comma where all numbers of a column can be read so and some have one. @default 'auto' */
  readonly decimal?: '.' | ',' | 'auto';
  /** The kind of a column by its name, where it is not the one that its values suggest: `{ code: 'category' }`. */
  readonly kinds?: Readonly<Record<string, Column['kind']>>;
}

const WORDS: Check = {
  expected: 'a list of words',
  accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};
const KINDS: Check = {
  expected: "'number', 'category' or 'text' by the name of a column",
  accepts: (value) =>
    typeof value === 'object' && value !== null && Object.values(value).every((kind) => ['number', 'category', 'text'].includes(kind as string)), // prettier-ignore
};
export const COLUMN: OptionChecks<ColumnOptions> = { missing: WORDS, decimal: check.oneOf(['.', ',', 'auto']), kinds: KINDS };

const MISSING: readonly string[] = ['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', 'nil', '?'];

const POINT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Digits with a decimal comma; points group them by three. */
const COMMA = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?([eE][+-]?\d+)?$/;

/** A column has classes if it has at most so many different words, or at most a word for each two rows; never more than the second number. */
const FEW_CLASSES = 20;
const MOST_CLASSES = 10_000;

/**
 * Chooses the kind of a column by its values, and reads them. Numbers make a column of numbers; words that repeat, one of categories; other
 * words, one of texts.
 * @throws SinapseError when a kind was asked for that a value has not; it names the row
 */
export function inferColumn(name: string, cells: readonly Cell[], options: ColumnOptions = {}): Column {
  const absent = new Set(options.missing ?? MISSING);
  const texts = cells.map((cell) => {
    if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return undefined;
    const text = String(cell).trim();
    return text === '' || absent.has(text) ? undefined : text;
  });
  const asked = options.kinds !== undefined && Object.hasOwn(options.kinds, name) ? options.kinds[name] : undefined;
  const missing = texts.reduce((sum, text) => sum + (text === undefined ? 1 : 0), 0);
  if (asked === undefined || asked === 'number') {
    const read = numberReader(texts, options.decimal ?? 'auto');
    const wrong = texts.findIndex((text) => text !== undefined && Number.isNaN(read(text)));
    if (wrong === -1 && (missing < texts.length || asked === 'number'))
      return { name, kind: 'number', values: Float64Array.from(texts, (text) => (text === undefined ? NaN : read(text))), missing };
    if (asked === 'number')
      throw new SinapseError(`column ${name}: ${JSON.stringify(texts[wrong]!.slice(0, 40))} in row ${wrong + 1} is no number`);
  }
  const words = new Set<string>();
  for (const text of texts) if (text !== undefined) words.add(text);
  const repeats = words.size <= Math.max(FEW_CLASSES, (texts.length - missing) / 2);
  if (asked === 'text' || (asked === undefined && (!repeats || words.size > MOST_CLASSES)))
    return { name, kind: 'text', values: texts, missing };
  const classes = [...words].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(classes.map((word, i) => [word, i]));
  return {
    name,
    kind: 'category',
    values: Int32Array.from(texts, (text) => (text === undefined ? -1 : places.get(text)!)),
    classes,
    missing,
  };
}

/** Reads a number, or gives NaN. */
function numberReader(texts: readonly (string | undefined)[], decimal: '.' | ',' | 'auto'): (text: string) => number {
  const point = (text: string): number => (POINT.test(text) ? Number(text) : NaN);
  const comma = (text: string): number => (COMMA.test(text) && /\d/.test(text) ? Number(text.replaceAll('.', '').replace(',', '.')) : NaN);
  if (decimal !== 'auto') return decimal === ',' ? comma : point;
  const some = texts.some((text) => text?.includes(',') === true);
  return some && texts.every((text) => text === undefined || !Number.isNaN(comma(text))) ? comma : point;
}

// From cells as a file holds them to a typed column.

import { SinapseError, check } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import type { Column } from './table.ts';

/** A cell of a file. */
export type Cell = string | number | boolean | null | undefined;

export interface ColumnOptions {
  /** Words that stand for a missing value, beside the empty cell. @default NA, N/A, NaN, null, None, nil and ? */
  readonly missing?: readonly string[];
  /**
   * The decimal mark of numbers; the other mark may stand between thousands. `'auto'` takes the one by which all numbers of a column can be
   * read. Where both would do, as for `1,234`, the comma stands between thousands in a file of cells that commas separate, and is decimal in
   * others; the column's `remark` says so. @default 'auto'
   */
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
/** Digits in groups of three, with commas between them. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;
/** Digits with a decimal comma; points group them by three. */
const COMMA = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?([eE][+-]?\d+)?$/;

/** A column has classes if it has at most so many different words, or at most a word for each two rows; never more than the second number. */
const FEW_CLASSES = 20;
const MOST_CLASSES = 10_000;

/** Reads a number with a decimal point, or gives NaN. */
function withPoint(text: string): number {
  if (POINT.test(text)) return Number(text);
  return THOUSANDS.test(text) ? Number(text.replaceAll(',', '')) : NaN;
}

/** Reads a number with a decimal comma, or gives NaN. */
function withComma(text: string): number {
  return COMMA.test(text) && /\d/.test(text) ? Number(text.replaceAll('.', '').replace(',', '.')) : NaN;
}

/** Whether a cell holds a number, with either decimal mark. */
export function isNumber(cell: string): boolean {
  const text = cell.trim();
  return !Number.isNaN(withPoint(text)) || !Number.isNaN(withComma(text));
}

/**
 * Chooses the kind of a column by its values, and reads them. Numbers make a column of numbers; words that repeat, one of categories; other
 * words, one of texts.
 * @param separator what separates the cells of the file, if anything does
 * @throws SinapseError when a kind was asked for that a value has not; it names the row
 */
export function inferColumn(name: string, cells: readonly Cell[], options: ColumnOptions = {}, separator?: string): Column {
  const absent = new Set(options.missing ?? MISSING);
  const texts = cells.map((cell) => {
    if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return undefined;
    const text = String(cell).trim();
    return text === '' || absent.has(text) ? undefined : text;
  });
  const asked = options.kinds !== undefined && Object.hasOwn(options.kinds, name) ? options.kinds[name] : undefined;
  let remark: string | undefined;
  const missing = texts.reduce((sum, text) => sum + (text === undefined ? 1 : 0), 0);
  if (asked === undefined || asked === 'number') {
    const mark = decimalOf(texts, options.decimal ?? 'auto', separator);
    const read = mark.decimal === ',' ? withComma : withPoint;
    if (mark.remark !== undefined) remark = `column ${name}: ${mark.remark}`;
    const wrong = texts.findIndex((text) => text !== undefined && Number.isNaN(read(text)));
    if (wrong === -1 && (missing < texts.length || asked === 'number'))
      return {
        name,
        kind: 'number',
        values: Float64Array.from(texts, (text) => (text === undefined ? NaN : read(text))),
        missing,
        ...(remark !== undefined && { remark }),
      };
    if (asked === 'number')
      throw new SinapseError(`column ${name}: ${JSON.stringify(texts[wrong]!.slice(0, 40))} in row ${wrong + 1} is no number`);
  }
  const words = new Set<string>();
  for (const text of texts) if (text !== undefined) words.add(text);
  const repeats = words.size <= Math.max(FEW_CLASSES, (texts.length - missing) / 2);
  if (asked === 'text' || (asked === undefined && (!repeats || words.size > MOST_CLASSES)))
    return { name, kind: 'text', values: texts, missing, ...(remark !== undefined && { remark }) };
  const classes = [...words].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(classes.map((word, i) => [word, i]));
  return {
    name,
    kind: 'category',
    values: Int32Array.from(texts, (text) => (text === undefined ? -1 : places.get(text)!)),
    classes,
    missing,
    ...(remark !== undefined && { remark }),
  };
}

/** The decimal mark of a column, and what is doubtful about it. Of a column without numbers it may be either. */
function decimalOf(
  texts: readonly (string | undefined)[],
  asked: '.' | ',' | 'auto',
  separator: string | undefined,
): { decimal: '.' | ','; remark?: string } {
  if (asked !== 'auto') return { decimal: asked };
  const readBy = (read: (text: string) => number): boolean => texts.every((text) => text === undefined || !Number.isNaN(read(text)));
  const example = texts.find((text) => text?.includes(',') === true);
  const byPoint = readBy(withPoint);
  if (byPoint && example === undefined) return { decimal: '.' };
  if (readBy(withComma)) {
    if (!byPoint) return { decimal: ',' };
    return separator === ','
      ? { decimal: '.', remark: `"${example}" is read as ${withPoint(example!)}, with commas between thousands; if they are decimal, read the table with decimal: ','` } // prettier-ignore
      : { decimal: ',', remark: `"${example}" is read as ${withComma(example!)}, with a decimal comma; if commas stand between thousands, read the table with decimal: '.'` }; // prettier-ignore
  }
  if (byPoint || !texts.every((text) => text === undefined || isNumber(text))) return { decimal: '.' };
  const [comma, point] = [withPoint, withComma].map((read) => texts.find((text) => text !== undefined && Number.isNaN(read(text))));
  return {
    decimal: '.',
    remark: `its numbers have decimal commas, as in "${comma}", and decimal points, as in "${point}", so they are read as words; write them all in one way`,
  };
}

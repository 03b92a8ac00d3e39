// Tables as texts: comma-, semicolon- or tab-separated values, with quotes (RFC 4180), through Papa Parse.

import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import Papa from 'papaparse';
import { decodeText } from './decode-text.ts';
import { COLUMN, inferColumn, isNumber } from './infer-column.ts';
import type { ColumnOptions } from './infer-column.ts';
import type { Table } from './table.ts';

export interface CsvOptions extends ColumnOptions {
  /** What separates cells. @default the one of comma, semicolon, tab and bar that fits the first rows */
  readonly delimiter?: string;
  /** Whether the first row holds names. @default it does, unless it holds a number */
  readonly header?: boolean;
  /** Most rows. @default 10,000,000 */
  readonly maxRows?: number;
  /** Names the data in an error, usually the file's path. @default 'CSV' */
  readonly name?: string;
}

const TEXT: Check = { expected: 'a text or the bytes of one', accepts: (value) => typeof value === 'string' || check.bytes.accepts(value) };
const CSV: OptionChecks<CsvOptions> = {
  ...COLUMN,
  delimiter: { expected: 'one character', accepts: (value) => typeof value === 'string' && value.length === 1 && !'"\r\n'.includes(value) },
  header: check.flag,
  maxRows: check.count,
  name: { expected: 'a text', accepts: (value) => typeof value === 'string' },
};

/** Most columns of a table, and characters of a cell: a damaged quote can make a cell of a whole file. */
const MOST_COLUMNS = 100_000;
const MOST_CHARACTERS = 1_000_000;

/**
 * Reads a table of separated values: UTF-8 with or without a mark, UTF-16 or Latin-1; cells in quotes may hold separators and line breaks. A
 * row may be shorter than the header: what it lacks is missing. Columns without a name are called `column1`, `column2`, …; a name that
 * occurs again gets a number.
 * @throws SinapseError when it has no row, a row is too long, or a quote does not end; it names the row
 * @example
 * const table = parseCsv('species;mass\nAdelie;3,75\nGentoo;5,1');
 */
export function parseCsv(source: string | Uint8Array, options: CsvOptions = {}): Table {
  checkValue('parseCsv', source, TEXT);
  checkOptions('parseCsv', options, CSV);
  const { maxRows = 10_000_000, name = 'CSV' } = options;
  const text = (typeof source === 'string' ? source : decodeText(source)).replace(/^\ufeff/, '');
  let names: string[] | undefined;
  const columns: string[][] = [];
  let rows = 0;
  let row = 0;
  const begin = (cells: readonly string[]): boolean => {
    if (cells.length > MOST_COLUMNS) throw new SinapseError(`${name} has ${cells.length} columns, expected at most ${MOST_COLUMNS}`);
    const isHeader = options.header ?? !cells.some((cell) => isNumber(cell));
    names = distinct(isHeader ? cells : cells.map(() => ''));
    columns.push(...names.map((): string[] => []));
    return isHeader;
  };
  const add = (cells: readonly string[]): void => {
    row++;
    if (cells.length === 1 && cells[0]!.trim() === '' && names?.length !== 1) return; // an empty line
    const longest = cells.find((cell) => cell.length > MOST_CHARACTERS);
    if (longest !== undefined)
      throw new SinapseError(`${name}: a cell of row ${row} has ${longest.length} characters; a quote may be missing`);
    if (names === undefined && begin(cells)) return;
    if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== ''))
      throw new SinapseError(`${name}: row ${row} has ${cells.length} cells, the first row ${columns.length}; quote cells that hold the separator`); // prettier-ignore
    if (++rows > maxRows) throw new SinapseError(`${name} has more than ${maxRows.toLocaleString('en-US')} rows`);
    columns.forEach((column, i) => column.push(cells[i] ?? ''));
  };
  const delimiter = options.delimiter ?? delimiterOf(text);
  Papa.parse<string[]>(text, {
    delimiter,
    step({ data, errors }) {
      const damaged = errors.find(({ type }) => type === 'Quotes');
      if (damaged !== undefined) throw new SinapseError(`${name}: row ${row + 1}: ${damaged.code === 'MissingQuotes' ? 'a quote does not end' : 'a quote stands within a cell; double it'}`); // prettier-ignore
      add(data);
    },
  });
  if (columns.length === 1 && columns[0]!.at(-1) === '' && text.endsWith('\n')) {
    columns[0]!.pop(); // the end of the last line, which Papa Parse reads as a row
    rows--;
  }
  if (names === undefined || rows === 0) throw new SinapseError(`${name} has no rows`);
  return { rows, columns: names.map((column, i) => inferColumn(column, columns[i]!, options, delimiter)) };
}

/** The separators, those first that seldom stand within cells in another file. */
const DELIMITERS = [';', '\t', '|', ','];
/** Characters of the start of a file, and rows, by which its separator is found out. */
const SAMPLE = { characters: 100_000, rows: 50 };

/** The separator that gives most rows the same number of cells, more than one. A decimal comma does so too, so the comma comes last. */
function delimiterOf(text: string): string {
  const sample = text.slice(0, SAMPLE.characters);
  const found = DELIMITERS.map((delimiter) => {
    const { data } = Papa.parse<string[]>(sample, { delimiter, preview: SAMPLE.rows, skipEmptyLines: true });
    const [first] = data;
    const alike = first !== undefined && first.length > 1 ? data.filter(({ length }) => length === first.length).length / data.length : 0;
    return { delimiter, alike };
  });
  const best = found.reduce((most, each) => (each.alike > most.alike ? each : most));
  return best.alike > 0 ? best.delimiter : ',';
}

/** Names that differ: an empty one gets its number, one that occurs again a suffix. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const base = name.trim() || `column${i + 1}`;
    let own = base;
    for (let number = 2; taken.has(own); number++) own = `${base}_${number}`;
    taken.add(own);
    return own;
  });
}

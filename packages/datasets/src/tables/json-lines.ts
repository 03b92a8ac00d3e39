// Tables as JSON: an object a line, or one list of objects.

import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { decodeText } from './decode-text.ts';
import { COLUMN, inferColumn } from './infer-column.ts';
import type { Cell, ColumnOptions } from './infer-column.ts';
import type { Table } from './table.ts';

export interface JsonLinesOptions extends ColumnOptions {
  /** Most rows. @default 10,000,000 */
  readonly maxRows?: number;
  /** Names the data in an error, usually the file's path. @default 'JSON' */
  readonly name?: string;
}

const JSON_LINES: OptionChecks<JsonLinesOptions> = {
  ...COLUMN,
  maxRows: check.count,
  name: { expected: 'a text', accepts: (value) => typeof value === 'string' },
};

/**
 * Reads a table of JSON objects, one a line, or in one list. A member that an object lacks is missing; a member that is itself an object or a
 * list is an error.
 * @throws SinapseError when a line is no JSON object, or there is none; it names the line
 */
export function parseJsonLines(source: string | Uint8Array, options: JsonLinesOptions = {}): Table {
  checkValue('parseJsonLines', source, {
    expected: 'a text or the bytes of one',
    accepts: (value) => typeof value === 'string' || check.bytes.accepts(value),
  });
  checkOptions('parseJsonLines', options, JSON_LINES);
  const { maxRows = 10_000_000, name = 'JSON' } = options;
  const text = typeof source === 'string' ? source : decodeText(source);
  const columns = new Map<string, Cell[]>();
  let rows = 0;
  for (const { record, place } of records(text, name)) {
    if (++rows > maxRows) throw new SinapseError(`${name} has more than ${maxRows.toLocaleString('en-US')} rows`);
    for (const [member, value] of Object.entries(record)) {
      if (typeof value === 'object' && value !== null) throw new SinapseError(`${name}: ${place}: ${member} is an object or a list, expected a number, a text or true or false`); // prettier-ignore
      let column = columns.get(member);
      if (column === undefined) columns.set(member, (column = []));
      column.length = rows - 1; // rows before that lacked the member
      column.push(value as Cell);
    }
  }
  if (columns.size === 0) throw new SinapseError(`${name} has no rows`);
  return {
    rows,
    columns: [...columns].map(([column, cells]) =>
      inferColumn(
        column,
        Array.from({ length: rows }, (_, i) => cells[i]),
        options,
      ),
    ),
  };
}

function* records(text: string, name: string): Generator<{ record: object; place: string }> {
  if (/^\s*\[/.test(text)) {
    let list: unknown;
    try {
      list = JSON.parse(text);
    } catch {
      throw new SinapseError(`${name} begins as a list, but is no JSON`);
    }
    for (const [i, record] of (list as unknown[]).entries())
      yield { record: checked(record, name, `element ${i + 1}`), place: `element ${i + 1}` };
    return;
  }
  let number = 0;
  for (const line of text.split(/\r?\n/)) {
    number++;
    if (line.trim() === '') continue;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      throw new SinapseError(`${name}: line ${number} is no JSON`);
    }
    yield { record: checked(record, name, `line ${number}`), place: `line ${number}` };
  }
}

function checked(record: unknown, name: string, place: string): object {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new SinapseError(`${name}: ${place} is no object`);
  return record;
}

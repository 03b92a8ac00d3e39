// A table: columns of numbers, of categories, or of texts, each with a name. A missing value is NaN, -1 or undefined.

import { SinapseError, check, checkValue, shown, suggestion } from '@sinapse/core';
import type { Check } from '@sinapse/core';

interface ColumnBase {
  readonly name: string;
  /** How many values are missing. */
  readonly missing: number;
  /** What is doubtful about how the column was read: a line that names it, and says how it is read otherwise. */
  readonly remark?: string;
}

/** Numbers; NaN where one is missing. */
export interface NumberColumn extends ColumnBase {
  readonly kind: 'number';
  readonly values: Float64Array;
}

/** Words of a small set, as their places in `classes`; -1 where one is missing. */
export interface CategoryColumn extends ColumnBase {
  readonly kind: 'category';
  readonly values: Int32Array;
  /** The words, sorted. */
  readonly classes: readonly string[];
}

/** Free texts, names or keys: too many different ones for classes. Undefined where one is missing. */
export interface TextColumn extends ColumnBase {
  readonly kind: 'text';
  readonly values: readonly (string | undefined)[];
}

export type Column = NumberColumn | CategoryColumn | TextColumn;

export interface Table {
  readonly rows: number;
  /** Columns of that many values, whose names differ. */
  readonly columns: readonly Column[];
}

const TABLE: Check = {
  expected: 'a table, e.g. of parseCsv',
  accepts: (value) =>
    typeof value === 'object' && value !== null && 'rows' in value && check.natural.accepts(value.rows) && 'columns' in value && Array.isArray(value.columns), // prettier-ignore
};

/** @throws SinapseError unless the value is a table */
export function checkTable(owner: string, table: Table): void {
  checkValue(owner, table, TABLE);
}

/**
 * The column of a name.
 * @throws SinapseError when there is none; it suggests the nearest name
 */
export function columnOf(table: Table, name: string): Column {
  checkTable('columnOf', table);
  const found = table.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = table.columns.map((column) => column.name);
  throw new SinapseError(`columnOf: the table has no column ${shown(name)}; ${suggestion(typeof name === 'string' ? name : '', names)}`);
}

/**
 * The rows of the given places, in their order.
 * @throws SinapseError when a place is out of range
 */
export function takeTableRows(table: Table, indices: Iterable<number>): Table {
  checkTable('takeTableRows', table);
  checkValue('takeTableRows: indices', indices, {
    expected: 'a list of places',
    accepts: (value) => typeof value === 'object' && value !== null && Symbol.iterator in value,
  });
  const places = [...indices];
  for (const place of places) checkValue('takeTableRows: index', place, check.integer(0, table.rows - 1));
  return { rows: places.length, columns: table.columns.map((column) => takeFrom(column, places)) };
}

function takeFrom(column: Column, places: readonly number[]): Column {
  switch (column.kind) {
    case 'number': {
      const values = Float64Array.from(places, (place) => column.values[place]!);
      return { ...column, values, missing: values.filter(Number.isNaN).length };
    }
    case 'category': {
      const values = Int32Array.from(places, (place) => column.values[place]!);
      return { ...column, values, missing: values.filter((value) => value === -1).length };
    }
    case 'text': {
      const values = places.map((place) => column.values[place]);
      return { ...column, values, missing: values.filter((value) => value === undefined).length };
    }
  }
}

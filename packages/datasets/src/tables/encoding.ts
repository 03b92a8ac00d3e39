// From a table to the numbers that a network sees. What is learned from the training rows (means, classes) is plain JSON: it is stored beside
// a model and applied again when the model is used.

import { SinapseError, check, checkOptions, checkValue, shown } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import type { HostArray } from '../pipeline/collate.ts';
import { checkTable, columnOf } from './table.ts';
import type { Column, Table } from './table.ts';

/** How a column of numbers becomes one feature: `(value − mean) / std`, a missing value as `fill`. */
export interface NumberFeature {
  readonly kind: 'number';
  readonly name: string;
  readonly mean: number;
  readonly std: number;
  readonly fill: number;
  /** Whether a second feature says that the value was missing, because some training rows lacked it. */
  readonly indicator: boolean;
}

/** How a column of categories becomes a feature for each class, 1 for its own and 0 for the others; a missing or unknown one is 0 for all. */
export interface CategoryFeature {
  readonly kind: 'category';
  readonly name: string;
  readonly classes: readonly string[];
}

/** The target: a class number, or a number `(value − mean) / std`. */
export type TargetEncoding =
  | { readonly task: 'classification'; readonly name: string; readonly classes: readonly string[] }
  | { readonly task: 'regression'; readonly name: string; readonly mean: number; readonly std: number };

/** Plain JSON. */
export interface TableEncoding {
  readonly features: readonly (NumberFeature | CategoryFeature)[];
  readonly target?: TargetEncoding;
  /** A line for each column that was left out, with the reason, or whose reading is doubtful. `fitTable` gives it; nothing depends on it. */
  readonly remarks?: readonly string[];
}

export interface FitTableOptions {
  /** The column to predict. Without it, all columns are features. */
  readonly target?: string;
  /** @default classification for categories, regression for numbers other than 0 and 1 */
  readonly task?: 'classification' | 'regression';
  /** The columns to predict from. @default all of numbers and categories but the target; columns of texts are left out, which `remarks` says */
  readonly features?: readonly string[];
  /** What stands for a missing number. @default 'mean' */
  readonly missing?: 'mean' | 'median' | 'refuse';
  /** Whether numbers get mean 0 and standard deviation 1; a target of regression, too. @default true */
  readonly standardise?: boolean;
  /** Whether a column with missing numbers gets a second feature that says so. @default true */
  readonly indicator?: boolean;
}

const FIT: OptionChecks<FitTableOptions> = {
  target: { expected: 'the name of a column', accepts: (value) => typeof value === 'string' },
  task: check.oneOf(['classification', 'regression']),
  features: { expected: 'a list of names', accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string') },
  missing: check.oneOf(['mean', 'median', 'refuse']),
  standardise: check.flag,
  indicator: check.flag,
};

/**
 * Learns from training rows how a table becomes numbers. Read its `remarks`: they name the columns that it left out.
 * @throws SinapseError when a column is missing, is of texts, or has missing values that are refused
 */
export function fitTable(table: Table, options: FitTableOptions = {}): TableEncoding {
  checkTable('fitTable', table);
  checkOptions('fitTable', options, FIT);
  const { target, features } = options;
  const chosen =
    features === undefined
      ? table.columns.filter(({ name, kind }) => name !== target && kind !== 'text')
      : features.map((name) => columnOf(table, name));
  if (chosen.some(({ name }) => name === target)) throw new SinapseError(`fitTable: ${target} is the target, so it cannot be a feature`);
  if (chosen.length === 0) throw new SinapseError('fitTable: there is no column of numbers or categories to predict from');
  return {
    features: chosen.map((column) => featureOf(column, options)),
    ...(target !== undefined && { target: targetOf(columnOf(table, target), options) }),
    remarks: remarksOn(table, options, new Set(chosen)),
  };
}

/** What to know of the columns that are used, and of those left out without being asked. */
function remarksOn({ columns }: Table, { target, features }: FitTableOptions, chosen: ReadonlySet<Column>): string[] {
  return columns.flatMap((column) => {
    const { name, remark } = column;
    if (chosen.has(column) || name === target) return remark === undefined ? [] : [remark];
    if (features !== undefined || column.kind !== 'text') return [];
    const different = new Set(column.values).size - (column.missing > 0 ? 1 : 0);
    const reason = `column ${name} is left out: it holds texts, ${different} different ones, too many for classes; if they are classes, read the table with kinds: { ${name}: 'category' }`; // prettier-ignore
    return remark === undefined ? [reason] : [reason, remark];
  });
}

function featureOf(
  column: Column,
  { missing = 'mean', standardise = true, indicator = true }: FitTableOptions,
): NumberFeature | CategoryFeature {
  const { name } = column;
  if (column.kind === 'text')
    throw new SinapseError(
      `fitTable: column ${name} holds texts, expected numbers or categories; read the table with kinds: { ${name}: 'category' }`,
    );
  if (missing === 'refuse' && column.missing > 0) throw new SinapseError(`fitTable: column ${name} lacks ${column.missing} values`);
  if (column.kind === 'category') return { kind: 'category', name, classes: column.classes };
  const present = column.values.filter((value) => !Number.isNaN(value));
  const { mean, std } = moments(present);
  const fill = present.length === 0 ? 0 : missing === 'median' ? medianOf(present) : mean;
  const scale = standardise ? { mean, std: std > 0 ? std : 1 } : { mean: 0, std: 1 };
  return { kind: 'number', name, ...scale, fill, indicator: indicator && column.missing > 0 };
}

function targetOf(column: Column, { task, standardise = true }: FitTableOptions): TargetEncoding {
  const { name } = column;
  if (column.missing > 0)
    throw new SinapseError(`fitTable: the target ${name} lacks ${column.missing} values; leave those rows out with rowsWith(table, ${JSON.stringify(name)})`); // prettier-ignore
  if (column.kind === 'number') {
    const values = [...new Set(column.values)].sort((a, b) => a - b);
    const asClasses = task === 'classification' || (task === undefined && values.every((value) => value === 0 || value === 1));
    if (asClasses) return { task: 'classification', name, classes: values.map(String) };
    const { mean, std } = moments(column.values);
    return { task: 'regression', name, ...(standardise ? { mean, std: std > 0 ? std : 1 } : { mean: 0, std: 1 }) };
  }
  if (task === 'regression') throw new SinapseError(`fitTable: the target ${name} holds words, expected numbers for regression`);
  if (column.kind === 'text') throw new SinapseError(`fitTable: the target ${name} holds texts, too many for classes; read the table with kinds: { ${name}: 'category' }`); // prettier-ignore
  return { task: 'classification', name, classes: column.classes };
}

function moments(values: Float64Array): { mean: number; std: number } {
  if (values.length === 0) return { mean: 0, std: 0 };
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return { mean, std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0)) };
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A table as numbers: `arrayDataset(encoded)` makes a dataset of it. */
export interface EncodedTable {
  /** Features, float32 `[rows, features]`. */
  readonly x: HostArray;
  /** Class numbers, int32 `[rows]`, or float32 `[rows, 1]`. */
  readonly y: HostArray;
}

/** The name of each feature, in order: of a class of a category, `column=class`. */
export function featureNames(encoding: TableEncoding): string[] {
  checkValue('featureNames', encoding, ENCODING);
  return encoding.features.flatMap((feature) =>
    feature.kind === 'category'
      ? feature.classes.map((word) => `${feature.name}=${word}`)
      : [feature.name, ...(feature.indicator ? [`${feature.name} missing`] : [])],
  );
}

const ENCODING = {
  expected: 'the encoding of a table, of fitTable',
  accepts: (value: unknown): boolean => typeof value === 'object' && value !== null && 'features' in value && Array.isArray(value.features),
};

/**
 * Applies an encoding to rows of any table that has its columns. A category that the training rows had not is 0 for all classes.
 * @throws SinapseError when a column is missing or of another kind, or a target is missing or unknown
 */
export function encodeTable(table: Table, encoding: TableEncoding): EncodedTable {
  checkTable('encodeTable', table);
  checkValue('encodeTable', encoding, ENCODING);
  if (encoding.target === undefined) throw new SinapseError('encodeTable: the encoding has no target; encodeFeatures gives x alone');
  return { x: encodeFeatures(table, encoding), y: encodeTarget(table, encoding.target) };
}

/**
 * The features alone, for rows whose target is not known.
 * @returns float32 `[rows, features]`
 * @throws SinapseError as `encodeTable`
 */
export function encodeFeatures(table: Table, encoding: TableEncoding): HostArray {
  checkTable('encodeFeatures', table);
  checkValue('encodeFeatures', encoding, ENCODING);
  const width = featureNames(encoding).length;
  const data = new Float32Array(table.rows * width);
  let at = 0;
  for (const feature of encoding.features) {
    const column = columnOf(table, feature.name);
    if (column.kind === 'text' && column.missing < table.rows && feature.kind === 'number') throw wrongKind(column, feature.kind);
    if (feature.kind === 'number') {
      if (column.kind === 'category') throw wrongKind(column, feature.kind);
      for (let row = 0; row < table.rows; row++) {
        const value = column.kind === 'number' ? column.values[row]! : NaN;
        const missing = Number.isNaN(value);
        data[row * width + at] = ((missing ? feature.fill : value) - feature.mean) / feature.std;
        if (feature.indicator) data[row * width + at + 1] = missing ? 1 : 0;
      }
      at += feature.indicator ? 2 : 1;
    } else {
      const place = wordPlaces(column, feature.classes);
      for (let row = 0; row < table.rows; row++) {
        const found = place(row);
        if (found !== undefined) data[row * width + at + found] = 1;
      }
      at += feature.classes.length;
    }
  }
  return { data, shape: [table.rows, width] };
}

function encodeTarget(table: Table, target: TargetEncoding): HostArray {
  const column = columnOf(table, target.name);
  if (target.task === 'regression') {
    if (column.kind !== 'number') throw wrongKind(column, 'number');
    const missing = column.values.findIndex(Number.isNaN);
    if (missing !== -1) throw new SinapseError(`encodeTable: the target ${target.name} is missing in row ${missing + 1}`);
    return { data: Float32Array.from(column.values, (value) => (value - target.mean) / target.std), shape: [table.rows, 1] };
  }
  const place = wordPlaces(column, target.classes);
  const data = Int32Array.from({ length: table.rows }, (_, row) => {
    const found = place(row);
    if (found === undefined) throw new SinapseError(`encodeTable: the target ${target.name} of row ${row + 1} is ${shown(wordAt(column, row))}, none of the ${target.classes.length} classes`); // prettier-ignore
    return found;
  });
  return { data, shape: [table.rows] };
}

/** The place of a row's word among classes, which may be those of another table. */
function wordPlaces(column: Column, classes: readonly string[]): (row: number) => number | undefined {
  const places = new Map(classes.map((word, i) => [word, i]));
  return (row) => {
    const word = wordAt(column, row);
    return word === undefined ? undefined : places.get(word);
  };
}

function wordAt(column: Column, row: number): string | undefined {
  if (column.kind === 'category') return column.classes[column.values[row]!];
  if (column.kind === 'text') return column.values[row];
  const value = column.values[row]!;
  return Number.isNaN(value) ? undefined : String(value);
}

function wrongKind({ name, kind }: Column, expected: string): SinapseError {
  return new SinapseError(`encodeTable: column ${name} holds ${kind === 'number' ? 'numbers' : kind === 'text' ? 'texts' : 'categories'}, expected ${expected === 'number' ? 'numbers' : 'categories'}, as when the encoding was fitted`); // prettier-ignore
}

/**
 * The places of the rows that have a value in a column, for `takeTableRows`: a row without a target cannot train.
 * @throws SinapseError when there is no such column
 */
export function rowsWith(table: Table, name: string): Int32Array {
  checkTable('rowsWith', table);
  const column = columnOf(table, name);
  return Int32Array.from({ length: table.rows }, (_, row) => row).filter((row) => wordAt(column, row) !== undefined);
}

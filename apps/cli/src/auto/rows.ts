// A table as a problem: the column to predict, and all others to predict it from.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { SinapseError, suggestion } from '@sinapse/core';
import { arrayDataset, takeRows } from '@sinapse/datasets';
import type { ArrayBatch } from '@sinapse/datasets';
import { readTable } from '@sinapse/datasets/node';
import type { Column, EncodedTable, Table, TableEncoding } from '@sinapse/datasets/tables';
import { columnOf, encodeTable, featureNames, fitTable, takeTableRows } from '@sinapse/datasets/tables';
import type { Json } from '@sinapse/training';
import { plural } from '../output/numbers.ts';
import { UsageError } from '../usage-error.ts';
import type { AutoSettings } from './auto-settings.ts';
import { partsOf } from './parts.ts';
import type { BatchOptions, Skipped, TableProblem } from './problem.ts';

/** A target of at most so many whole numbers may be meant as classes. */
const FEW = 20;

/**
 * Reads the table, leaves out rows without a target, and splits it.
 * @throws UsageError when no target is named, or there is none of that name, with the nearest; SinapseError when it cannot be predicted
 */
export async function lookAtRows(settings: AutoSettings & { readonly seed: number }): Promise<TableProblem> {
  const { data: path, target, seed } = settings;
  let table = await readTable(path);
  const names = table.columns.map(({ name }) => name);
  if (target === undefined) throw new UsageError(`say which column to predict: --target ${names.at(-1)} (the columns: ${listed(names)})`);
  const asked = table.columns.find(({ name }) => name === target);
  if (asked === undefined) throw new UsageError(`--target ${target}: ${path} has no such column; ${suggestion(target, names)}`);
  if (asked.kind === 'text')
    throw new SinapseError(`${path}: ${target} holds ${new Set(asked.values).size} different texts, too many for classes; choose another --target`); // prettier-ignore
  if (settings.task === 'classification' && asked.kind === 'number') table = await readTable(path, { kinds: { [target]: 'category' } });
  const whole = columnOf(table, target);
  const kept = Array.from({ length: table.rows }, (_, row) => row).filter((row) => !isMissing(whole, row));
  const skipped: Skipped[] = Array.from({ length: table.rows }, (_, row) => row)
    .filter((row) => isMissing(whole, row))
    .map((row) => ({ source: `row ${row + 1}`, reason: `has no ${target}` }));
  const rows = takeTableRows(table, kept);
  const column = columnOf(rows, target);
  const task = taskOf(settings, column, path);
  const counters = rows.columns.filter((each) => each.name !== target && countsRows(each)).map(({ name }) => name);
  const texts = rows.columns.filter(({ kind, name }) => kind === 'text' && name !== target).map(({ name }) => name);
  const features = rows.columns.map(({ name }) => name).filter((name) => name !== target && !counters.includes(name) && !texts.includes(name)); // prettier-ignore
  if (features.length === 0) throw new SinapseError(`${path}: beside ${target}, there is no column of numbers or categories to predict it from`); // prettier-ignore
  const duplicates = { exact: equalRows(rows), near: [] };
  const classesOf = task === 'classification' ? fitTable(rows, { target, task, features }) : undefined;
  const classNames = classesOf?.target?.task === 'classification' ? classesOf.target.classes : [];
  if (task === 'classification' && classNames.length < 2)
    throw new SinapseError(`${path}: all rows have the same ${target}, ${JSON.stringify(classNames[0])}; there is nothing to tell apart`);
  const targets = task === 'classification' ? placesIn(rows, target, classNames) : (column.values as Float64Array);
  const parts = partsOf({ name: path, count: rows.rows, task, targets, duplicates }, seed);
  const fitted = fitTable(takeTableRows(rows, parts.train), { target, task, features });
  const encoding = task === 'classification' ? { ...fitted, target: { task, name: target, classes: classNames } } : fitted;
  const arrays = encodeTable(rows, encoding);
  return {
    kind: 'table',
    task,
    name: basename(path),
    count: rows.rows,
    inputShape: [featureNames(encoding).length],
    classNames,
    targets,
    skipped,
    duplicates,
    parts,
    remarks: remarksOn(
      task,
      column,
      counters,
      texts,
      table.columns.flatMap(({ remark }) => remark ?? []),
    ),
    content: createHash('sha256').update(arrays.x.data).update(arrays.y.data).digest('hex').slice(0, 16),
    preprocessing: { table: encoding as unknown as Json },
    target,
    featureColumns: placesOf(encoding),
    columns: table.columns.map(({ name, kind, missing }) => ({ name, kind, missing })),
    scale: encoding.target?.task === 'regression' ? encoding.target.std : 1,
    offset: encoding.target?.task === 'regression' ? encoding.target.mean : 0,
    sourceOf: (index) => `row ${kept[index]! + 1}`,
    batches: (indices, options) => batchesOf(arrays, indices, options),
  };
}

/** The places of the features of each column. */
function placesOf({ features }: TableEncoding): TableProblem['featureColumns'] {
  let next = 0;
  return features.map((feature) => {
    const width = featureNames({ features: [feature] }).length;
    next += width;
    return { name: feature.name, places: Array.from({ length: width }, (_, i) => next - width + i) };
  });
}

function isMissing(column: Column, row: number): boolean {
  const value = column.values[row];
  return value === undefined || (column.kind === 'number' ? Number.isNaN(value) : value === -1);
}

function taskOf({ task }: AutoSettings, column: Column, path: string): 'classification' | 'regression' {
  if (column.kind !== 'number') {
    if (task === 'regression') throw new SinapseError(`${path}: ${column.name} holds words; --task regression needs numbers`);
    return 'classification';
  }
  return task ?? (new Set(column.values).size <= 2 ? 'classification' : 'regression');
}

/** Whether a column only numbers the rows: it would be learned by heart. */
function countsRows({ kind, values, missing }: Column): boolean {
  if (kind !== 'number' || missing > 0 || values.length < 3) return false;
  return values.every((value, row) => value === values[0]! + row);
}

function placesIn(table: Table, target: string, classes: readonly string[]): Int32Array {
  const column = columnOf(table, target);
  const places = new Map(classes.map((word, i) => [word, i]));
  return Int32Array.from({ length: table.rows }, (_, row) =>
    places.get(column.kind === 'category' ? column.classes[column.values[row]!]! : String(column.values[row]))!,
  );
}

/** Groups of rows that are the same in all columns. */
function equalRows({ rows, columns }: Table): number[][] {
  const groups = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const key = JSON.stringify(columns.map(({ values }) => String(values[row])));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function batchesOf({ x, y }: EncodedTable, indices: Int32Array, { batchSize, shuffle }: BatchOptions) {
  const examples = arrayDataset(takeRows({ x, y }, indices));
  const batches = (shuffle === undefined ? examples : examples.shuffle(shuffle)).batch<ArrayBatch<EncodedTable>>(batchSize);
  return { length: batches.length, iterate: (at: { epoch: number }) => batches.iterate(at) };
}

function remarksOn(
  task: string,
  column: Column,
  counters: readonly string[],
  texts: readonly string[],
  doubtful: readonly string[],
): string[] {
  const whole = task === 'regression' && column.kind === 'number' && column.values.every(Number.isInteger);
  const few = whole && new Set(column.values).size <= FEW;
  return [
    ...(counters.length > 0 ? [`left out, because it only numbers the rows: ${listed(counters)}`] : []),
    ...(texts.length > 0 ? [`left out, because of ${plural(texts.length, 'column')} of texts: ${listed(texts)}`] : []),
    ...doubtful,
    ...(few ? [`${column.name} has few whole numbers; if they are classes and no amounts, add --task classification`] : []),
  ];
}

function listed(names: readonly string[]): string {
  return names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
}

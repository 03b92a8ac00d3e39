// Tables as Apache Parquet, through hyparquet.

import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { COLUMN, inferColumn } from './infer-column.ts';
import type { Cell, ColumnOptions } from './infer-column.ts';
import type { Table } from './table.ts';

export interface ParquetOptions extends ColumnOptions {
  /** The columns to read. @default all */
  readonly columns?: readonly string[];
  /** Most rows, and most bytes that they may take unpacked. @default 10,000,000 rows, 2 GiB */
  readonly maxRows?: number;
  readonly maxBytes?: number;
  /** Names the data in an error, usually the file's path. @default 'Parquet' */
  readonly name?: string;
}

const PARQUET: OptionChecks<ParquetOptions> = {
  ...COLUMN,
  columns: { expected: 'a list of names', accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string') },
  maxRows: check.count,
  maxBytes: check.count,
  name: { expected: 'a text', accepts: (value) => typeof value === 'string' },
};

/**
 * Reads a Parquet file, compressed in any of the format's ways. Columns of numbers, texts, booleans and dates are read; a date becomes its
 * ISO text. A damaged file may take any time: `readTable` of `@sinapse/datasets/node` ends it; in a page, run this in a worker.
 * @throws SinapseError when the file is damaged, too large, or has a column of lists or records
 */
export async function parseParquet(bytes: Uint8Array, options: ParquetOptions = {}): Promise<Table> {
  checkValue('parseParquet', bytes, check.bytes);
  checkOptions('parseParquet', options, PARQUET);
  const { columns, maxRows = 10_000_000, maxBytes = 2 ** 31, name = 'Parquet' } = options;
  if (bytes.length < 12 || !isMagic(bytes, 0) || !isMagic(bytes, bytes.length - 4))
    throw new SinapseError(`${name} is no Parquet file: it lacks PAR1 at its start or end`);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  let rows: Record<string, unknown>[];
  let names: string[];
  try {
    const metadata = parquetMetadata(file);
    const count = Number(metadata.num_rows);
    if (count > maxRows) throw new SinapseError(`${name} has ${count} rows, expected at most ${maxRows}`);
    const unpacked = metadata.row_groups.reduce((sum, group) => sum + group.columns.reduce((own, { meta_data: data }) => own + Number(data?.total_uncompressed_size ?? 0), 0), 0); // prettier-ignore
    if (!(unpacked <= maxBytes)) throw new SinapseError(`${name} unpacks to ${unpacked} bytes, expected at most ${maxBytes}`);
    names = columns === undefined ? metadata.schema.filter(({ type }) => type !== undefined).map((element) => element.name) : [...columns];
    rows = await parquetReadObjects({ file, metadata, compressors: bounded(maxBytes), ...(columns && { columns: [...columns] }) });
    if (rows.length !== count) throw new SinapseError(`${name} is damaged: it says ${count} rows and holds ${rows.length}`);
  } catch (error) {
    if (error instanceof SinapseError) throw error;
    throw new SinapseError(`${name} cannot be read: ${String((error as Error).message).split('\n')[0]}`, { cause: error });
  }
  if (rows.length === 0) throw new SinapseError(`${name} has no rows`);
  return { rows: rows.length, columns: names.map((column) => inferColumn(column, rows.map((row) => cellOf(row[column], column, name)), options)) }; // prettier-ignore
}

/** The decompressors, which refuse to unpack a page to more than a file may hold. */
function bounded(most: number): typeof compressors {
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, length: number) => {
        if (!(length >= 0 && length <= most)) throw new Error(`a page unpacks to ${length} bytes`);
        return unpack(input, length);
      },
    ]),
  );
}

function isMagic(bytes: Uint8Array, at: number): boolean {
  return [0x50, 0x41, 0x52, 0x31].every((byte, i) => bytes[at + i] === byte);
}

function cellOf(value: unknown, column: string, name: string): Cell {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value === 'object' && value !== null)
    throw new SinapseError(`${name}: column ${column} holds lists or records, expected numbers or texts; choose columns: [...]`);
  return value as Cell;
}

// Tables from files, by their ending.

import { SinapseError, checkOptions, checkValue } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { COLUMN } from '../tables/infer-column.ts';
import type { ColumnOptions } from '../tables/infer-column.ts';
import { parseCsv } from '../tables/csv.ts';
import { parseJsonLines } from '../tables/json-lines.ts';
import type { Table } from '../tables/table.ts';
import { readBounded } from './folder.ts';
import { WorkerPool } from './worker-pool.ts';

const PATH: Check = { expected: 'the path of a file', accepts: (value) => typeof value === 'string' && value !== '' };
const READ: OptionChecks<ColumnOptions> = COLUMN;

/** Most bytes of a file: what a text may have. */
const MOST_BYTES = 512 * 2 ** 20;

/** A damaged Parquet file may ask for any time: it is read in a thread that is ended after so long, in milliseconds. */
const MOST_MS = 120_000;
const TASK = pathToFileURL(fileURLToPath(new URL('../../dist/node/parquet-task.js', import.meta.url))).href;

let pool: WorkerPool | undefined;

/**
 * Reads Parquet in a thread with a limit of time and memory.
 * @throws SinapseError as `parseParquet`, and when it takes too long
 */
export async function parquetWithin(
  bytes: Uint8Array,
  options: ColumnOptions & { readonly name?: string },
  timeoutMs: number = MOST_MS,
): Promise<Table> {
  pool ??= new WorkerPool({ module: TASK, name: 'parseParquet' }, { workers: 2, memoryMb: 4096 });
  try {
    return (await pool.run([bytes, options], timeoutMs)) as Table;
  } catch (error) {
    const { message } = error as Error;
    const { name = 'Parquet' } = options;
    throw new SinapseError(message.startsWith(name) ? message : `${name}: ${message}`);
  }
}

type Parser = (bytes: Uint8Array, options: ColumnOptions & { readonly name: string }) => Table | Promise<Table>;

const PARSERS: Readonly<Record<string, Parser>> = {
  '.csv': parseCsv,
  '.tsv': (bytes, options) => parseCsv(bytes, { ...options, delimiter: '\t' }),
  '.txt': parseCsv,
  '.data': parseCsv,
  '.json': parseJsonLines,
  '.jsonl': parseJsonLines,
  '.ndjson': parseJsonLines,
  '.parquet': (bytes, options) => parquetWithin(bytes, options),
};

/**
 * Reads a table from a file: .csv, .tsv, .txt, .data (separated values), .json, .jsonl, .ndjson (objects) or .parquet.
 * @throws SinapseError that names the file, when it is missing, has another ending, is too large, or is damaged
 */
export async function readTable(path: string, options: ColumnOptions = {}): Promise<Table> {
  checkValue('readTable', path, PATH);
  checkOptions('readTable', options, READ);
  const parse = PARSERS[extname(path).toLowerCase()];
  if (parse === undefined) throw new SinapseError(`readTable: ${path} has none of the endings ${Object.keys(PARSERS).join(', ')}`);
  const bytes = await readBounded(path, MOST_BYTES).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new SinapseError(`readTable: there is no file ${path}`);
    throw error;
  });
  return parse(bytes, { ...options, name: path });
}

// The files of a folder that a model can be asked about.

import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UsageError } from '../usage-error.ts';

const ENDINGS: Readonly<Record<'pictures' | 'tables', ReadonlySet<string>>> = {
  pictures: new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif', '.svg']),
  tables: new Set(['.csv', '.tsv', '.jsonl', '.ndjson', '.parquet']),
};

/** The pictures or tables in a folder and in those within it, in order. @throws UsageError when there is none */
export async function filesIn(folder: string, kind: 'pictures' | 'tables'): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.') && ENDINGS[kind].has(extname(entry.name).toLowerCase()),
  );
  if (files.length === 0) throw new UsageError(`--dir ${folder} holds no ${kind}`);
  return files.map(({ parentPath, name }) => join(parentPath, name)).sort();
}

import { parquetWriteBuffer } from 'hyparquet-writer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mutated, MUTATIONS } from '../../test/mutated.ts';
import { parseCsv } from '../tables/index.ts';
import { parquetWithin, readTable } from './read-table.ts';

const PARQUET = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: [1n, 2n, 3n], type: 'INT64' },
      { name: 'species', data: ['Adélie', 'Gentoo', 'Adélie'], type: 'STRING' },
      { name: 'mass', data: [3.75, null, 4], type: 'DOUBLE' },
    ],
  }),
);
const CSV = 'id,species,mass\n1,Adélie,3.75\n2,Gentoo,\n3,Adélie,4\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sinapse-table-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['data.csv', CSV],
  ['data.tsv', CSV.replaceAll(',', '\t')],
  ['DATA.TXT', CSV.replaceAll(',', ';')],
  ['espaço 🐧.parquet', PARQUET],
  ['data.jsonl', '{"id":1,"species":"Adélie","mass":3.75}\n{"id":2,"species":"Gentoo"}\n{"id":3,"species":"Adélie","mass":4}'],
])('reads %s', async (name, content) => {
  const path = join(folder, name);
  await writeFile(path, content);
  expect(await readTable(path)).toEqual(parseCsv(CSV));
});

it('refuses other files in one line', async () => {
  await expect(readTable(join(folder, 'none.csv'))).rejects.toThrow(`readTable: there is no file ${join(folder, 'none.csv')}`);
  await expect(readTable('x.xlsx')).rejects.toThrow('readTable: x.xlsx has none of the endings .csv, .tsv,');
  await writeFile(join(folder, 'bad.parquet'), CSV);
  await expect(readTable(join(folder, 'bad.parquet'))).rejects.toThrow('bad.parquet is no Parquet file');
  await writeFile(join(folder, 'bad.csv'), 'a,b\n1,2,3');
  await expect(readTable(join(folder, 'bad.csv'))).rejects.toThrow('bad.csv: row 2 has 3 cells');
  await expect(readTable(folder + '.csv')).rejects.toThrow('there is no file');
});

it('reads damaged Parquet files, or refuses them in one line, within their time', async () => {
  // hyparquet may take minutes for a run of a billion values; every copy gets a tenth of a second.
  const outcomes: boolean[] = [];
  const seeds = Array.from({ length: MUTATIONS }, (_, seed) => seed);
  const read = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const outcome = await parquetWithin(mutated(PARQUET, seed), {}, 100).then(
        ({ rows, columns }) => columns.every(({ values }) => values.length === rows),
        (error: Error) => error.name === 'SinapseError' && error.message.startsWith('Parquet') && !error.message.includes('\n'),
      );
      outcomes.push(outcome);
    }
  };
  await Promise.all([read(), read(), read()]);
  expect(outcomes).toEqual(outcomes.map(() => true));
});

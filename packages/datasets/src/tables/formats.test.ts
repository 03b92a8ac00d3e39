// JSON lines and Parquet give the tables that CSV gives.

import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readsMutated } from '../../test/mutated.ts';
import type { Table } from './index.ts';
import { parseCsv, parseJsonLines, parseParquet } from './index.ts';

const csv = parseCsv('id,species,mass\n1,Adélie,3.75\n2,Gentoo,\n3,Adélie,4\n');
const rows = [
  { id: 1, species: 'Adélie', mass: 3.75 },
  { id: 2, species: 'Gentoo', mass: null },
  { id: 3, species: 'Adélie', mass: 4 },
];
const lengths = (table: Table): void => table.columns.forEach(({ values }) => expect(values).toHaveLength(table.rows));

describe('parseJsonLines', () => {
  it('reads an object a line, or a list', () => {
    expect(parseJsonLines(rows.map((row) => JSON.stringify(row)).join('\n'))).toEqual(csv);
    expect(parseJsonLines(new TextEncoder().encode(JSON.stringify(rows)))).toEqual(csv);
    const sparse = parseJsonLines('{"a":1}\n\n{"b":true}\n{"a":2,"b":false}');
    expect(sparse.columns.map(({ values }) => [...values])).toEqual([[1, NaN, 2], [-1, 1, 0]]); // prettier-ignore
    expect(parseJsonLines('{"__proto__": 1, "constructor": 2}').columns.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  it('refuses other JSON in one line', () => {
    expect(() => parseJsonLines('{"a":1}\n{"a":')).toThrow('JSON: line 2 is no JSON');
    expect(() => parseJsonLines('[1]')).toThrow('JSON: element 1 is no object');
    expect(() => parseJsonLines('5')).toThrow('JSON: line 1 is no object');
    expect(() => parseJsonLines('[{}')).toThrow('JSON begins as a list, but is no JSON');
    expect(() => parseJsonLines('{"a":[1]}')).toThrow('JSON: line 1: a is an object or a list, expected a number, a text or true or false');
    expect(() => parseJsonLines('')).toThrow('JSON has no rows');
  });

  it('reads damaged files, or refuses them in one line', async () => {
    const original = new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(await readsMutated(original, (bytes) => parseJsonLines(bytes), lengths)).toBeGreaterThan(0);
  });
});

describe('parseParquet', () => {
  const column = <K extends keyof (typeof rows)[0]>(name: K) => rows.map((row) => row[name]);
  const file = (codec: 'UNCOMPRESSED' | 'SNAPPY' = 'SNAPPY') =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'id', data: column('id').map(BigInt), type: 'INT64' },
          { name: 'species', data: column('species'), type: 'STRING' },
          { name: 'mass', data: column('mass'), type: 'DOUBLE' },
        ],
        codec,
      }),
    );

  it('reads numbers, texts and what is missing', async () => {
    expect(await parseParquet(file())).toEqual(csv);
    expect(await parseParquet(file('UNCOMPRESSED'))).toEqual(csv);
    expect((await parseParquet(file(), { columns: ['mass'] })).columns.map(({ name }) => name)).toEqual(['mass']);
  });

  it('refuses other files in one line', async () => {
    await expect(parseParquet(new Uint8Array(20))).rejects.toThrow('Parquet is no Parquet file: it lacks PAR1 at its start or end');
    await expect(parseParquet(file(), { maxRows: 2 })).rejects.toThrow('Parquet has 3 rows, expected at most 2');
    await expect(parseParquet(file(), { maxBytes: 10 })).rejects.toThrow('bytes, expected at most 10');
    await expect(parseParquet(file(), { columns: ['weight'] })).rejects.toThrow(/^Parquet/);
  });
});

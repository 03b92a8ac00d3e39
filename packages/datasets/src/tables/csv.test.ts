import { SinapseError } from '@sinapse/core';
import { describe, expect, it } from 'vitest';
import { readsMutated } from '../../test/mutated.ts';
import type { CategoryColumn, NumberColumn, Table } from './index.ts';
import { columnOf, parseCsv, takeTableRows } from './index.ts';

const numbers = (table: Table, name: string): number[] => [...(columnOf(table, name) as NumberColumn).values];
const words = (table: Table, name: string): (string | undefined)[] => {
  const column = columnOf(table, name) as CategoryColumn;
  return [...column.values].map((place) => column.classes[place]);
};

describe('parseCsv', () => {
  it('reads numbers, categories, texts and what is missing', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i / 2},${i % 3 === 0 ? 'yes' : 'no'},person ${i}`);
    const table = parseCsv(['age,answer,name', ...rows, ',NA,'].join('\n'));
    expect(table.columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
      ['age', 'number', 1],
      ['answer', 'category', 1],
      ['name', 'text', 1],
    ]);
    expect(numbers(table, 'age').slice(1, 3)).toEqual([0.5, 1]);
    expect(numbers(table, 'age').at(-1)).toBeNaN();
    expect(words(table, 'answer').slice(0, 2)).toEqual(['yes', 'no']);
    expect(words(table, 'answer').at(-1)).toBeUndefined();
    expect(columnOf(table, 'answer')).toMatchObject({ classes: ['no', 'yes'] });
  });

  it.each([
    ['quotes, with separators, quotes and line breaks in cells', 'a,b\n"x, ""y""","1\n2"\n"z",3\n', [['a', ['x, "y"', 'z']], ['b', ['1\n2', '3']]]],
    ['Windows line ends and a byte order mark', '\ufeffa,b\r\nx,y\r\nz,w\r\n', [['a', ['x', 'z']], ['b', ['y', 'w']]]],
    ['tabs', 'a\tb\nx y\tz\nw\tv', [['a', ['x y', 'w']], ['b', ['z', 'v']]]],
    ['empty lines', 'a,b\n\nx,y\n\n\nz,w\n\n', [['a', ['x', 'z']], ['b', ['y', 'w']]]],
    ['a row that is short', 'a,b\nx\nz,w', [['a', ['x', 'z']], ['b', [undefined, 'w']]]],
    ['names missing or twice', ',a,a\nx,y,z', [['column1', ['x']], ['a', ['y']], ['a_2', ['z']]]],
    ['accents, emoji and spaces', 'espécie,"o que é"\nmaçã,🍎 fruta\npão,🍞', [['espécie', ['maçã', 'pão']], ['o que é', ['🍎 fruta', '🍞']]]],
    ['one column', 'a\nx\n\ny\n', [['a', ['x', undefined, 'y']]]],
  ] as [string, string, [string, (string | undefined)[]][]][])('reads %s', (_, text, expected) => {
    const table = parseCsv(text);
    expect(table.columns.map(({ name }) => name)).toEqual(expected.map(([name]) => name));
    for (const [name, values] of expected) expect(words(table, name)).toEqual(values);
  }); // prettier-ignore

  it('reads semicolons and decimal commas, with points between thousands', () => {
    const table = parseCsv('massa;preço\n3,75;1.234,50\n5;12,00\n;7');
    expect(numbers(table, 'massa')).toEqual([3.75, 5, NaN]);
    expect(numbers(table, 'preço')).toEqual([1234.5, 12, 7]);
    expect(numbers(parseCsv('a;b\n1.5;2\n3.25;4'), 'a')).toEqual([1.5, 3.25]);
    expect(parseCsv('a;b\n1,5;2\n3.25;4', { decimal: '.' }).columns[0]!.kind).toBe('category');
  });

  it('finds out whether the first row holds names', () => {
    expect(parseCsv('5.1,3.5,setosa\n4.9,3.0,setosa').columns.map(({ name }) => name)).toEqual(['column1', 'column2', 'column3']);
    expect(parseCsv('2020,2021\n1,2', { header: true }).columns.map(({ name }) => name)).toEqual(['2020', '2021']);
    expect(parseCsv('a,b\nc,d', { header: false }).rows).toBe(2);
  });

  it('reads Latin-1 and UTF-16', () => {
    expect(words(parseCsv(Buffer.from('cor\nverde-água\nmarrão', 'latin1')), 'cor')).toEqual(['verde-água', 'marrão']);
    expect(words(parseCsv(Buffer.from('\ufeffcor,x\nazul,b', 'utf16le')), 'cor')).toEqual(['azul']);
  });

  it('takes words for what is missing, and kinds of columns', () => {
    const table = parseCsv('code,v\n1,-\n2,4', { missing: ['-'], kinds: { code: 'category' } });
    expect(words(table, 'code')).toEqual(['1', '2']);
    expect(numbers(table, 'v')).toEqual([NaN, 4]);
    expect(() => parseCsv('v\nx\n4', { kinds: { v: 'number' } })).toThrow('column v: "x" in row 1 is no number');
  });

  it('refuses what is no table, in one line', () => {
    const refused: [string | Uint8Array, string][] = [
      ['', 'CSV has no rows'],
      ['a,b\n', 'CSV has no rows'],
      ['a,b\n1,2,3', 'CSV: row 2 has 3 cells, the first row 2; quote cells that hold the separator'],
      ['a,b\n1,"2\n3,4', 'CSV: row 2: a quote does not end'],
      ['a,b\n1,"2"x,\n3,4', 'CSV: row 2: a quote stands within a cell; double it'],
    ];
    for (const [text, message] of refused) expect(() => parseCsv(text)).toThrow(message);
    expect(() => parseCsv('a\nb\nc', { maxRows: 1, name: 'x.csv' })).toThrow('x.csv has more than 1 rows');
    expect(() => parseCsv(5 as never)).toThrow('parseCsv: expected a text or the bytes of one, got 5');
    expect(() => parseCsv('a\nb', { delimeter: ';' } as never)).toThrow('parseCsv: delimeter is no option; did you mean delimiter?');
  });

  it('reads many rows and very many classes', () => {
    const count = process.env['SINAPSE_TEST_TIER'] === 'full' ? 1_000_000 : 50_000;
    const table = parseCsv(`n,c\n${Array.from({ length: count }, (_, i) => `${i},class ${i % 10_000}`).join('\n')}`);
    expect(table.rows).toBe(count);
    expect(numbers(table, 'n').at(-1)).toBe(count - 1);
    expect((columnOf(table, 'c') as CategoryColumn).classes).toHaveLength(10_000);
  });

  it('reads damaged files, or refuses them in one line', async () => {
    const original = new TextEncoder().encode('id;espécie;massa\n1;"Adélie ""a""";3,75\n2;Gentoo;NA\n3;"x\ny";4e2\n'.repeat(3));
    const rows = (table: Table) => table.columns.forEach(({ values }) => expect(values).toHaveLength(table.rows));
    expect(await readsMutated(original, (bytes) => parseCsv(bytes), rows)).toBeGreaterThan(0);
  });
});

it('takes rows, and counts what is missing anew', () => {
  const table = takeTableRows(parseCsv('a,b\n1,x\n,y\n3,'), [2, 1]);
  expect(table.columns.map(({ missing }) => missing)).toEqual([1, 1]);
  expect(numbers(table, 'a')).toEqual([3, NaN]);
  expect(() => takeTableRows(table, [2])).toThrow(SinapseError);
  expect(() => columnOf(table, 'aa')).toThrow('columnOf: the table has no column "aa"; did you mean a?');
});

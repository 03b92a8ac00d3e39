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

  it('reads commas between thousands where commas separate cells, and says so where they might be decimal', () => {
    const table = parseCsv('a,b,c,d\n"1,234",x,"1,234.5","12,345,678"\n"2,500",y,0.5,"-1,000"\n999,z,"1,000",7\n');
    expect(['a', 'c', 'd'].map((name) => numbers(table, name))).toEqual([[1234, 2500, 999], [1234.5, 0.5, 1000], [12345678, -1000, 7]]); // prettier-ignore
    const remark = `column a: "1,234" is read as 1234, with commas between thousands; if they are decimal, read the table with decimal: ','`;
    expect(table.columns.map((column) => column.remark)).toEqual([remark, undefined, undefined, undefined]);
    expect(takeTableRows(table, [0]).columns[0]!.remark).toBe(remark);
    expect(numbers(parseCsv('a,b\n"1,234",x\n"2,500",y\n', { decimal: ',' }), 'a')).toEqual([1.234, 2.5]);
    expect(numbers(parseCsv('a,b\n"1,234",x\n"2,500",y\n', { decimal: '.' }), 'a')).toEqual([1234, 2500]);
    // What has not groups of three digits has a decimal comma.
    expect(numbers(parseCsv('a,b\n"1,234",x\n"2,5",y\n'), 'a')).toEqual([1.234, 2.5]);
    expect(numbers(parseCsv('a,b\n"0,234",x\n'), 'a')).toEqual([0.234]);
    expect(parseCsv('"1,234.5","2,000"\n"1,000",3\n').rows).toBe(2); // no header
  });

  it('keeps the decimal comma where semicolons separate cells, and says so where thousands might be meant', () => {
    const table = parseCsv('a;b;c\n1.234,5;1,234;1.234.567\n12,25;2,500;1.000\n');
    expect(['a', 'b', 'c'].map((name) => numbers(table, name))).toEqual([[1234.5, 12.25], [1.234, 2.5], [1234567, 1000]]); // prettier-ignore
    expect(table.columns.map((column) => column.remark)).toEqual([
      undefined,
      `column b: "1,234" is read as 1.234, with a decimal comma; if commas stand between thousands, read the table with decimal: '.'`,
      undefined,
    ]);
  });

  it('says that a column has decimal commas and points, which makes words of its numbers', () => {
    const [column] = parseCsv('a,b\n"1,5",x\n2.5,y\n7,z\n').columns;
    expect(column).toMatchObject({
      kind: 'category',
      remark: 'column a: its numbers have decimal commas, as in "1,5", and decimal points, as in "2.5", so they are read as words; write them all in one way',
    }); // prettier-ignore
    expect(parseCsv('a,b\n"1,5",x\n2.5,y\nv7,z\n').columns[0]!.remark).toBeUndefined();
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

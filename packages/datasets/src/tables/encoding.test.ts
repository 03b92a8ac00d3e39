import { describe, expect, it } from 'vitest';
import { arrayDataset } from '../index.ts';
import { encodeFeatures, encodeTable, featureNames, fitTable, parseCsv, rowsWith, stratifiedSplit, takeTableRows } from './index.ts';

const table = parseCsv('mass,island,sex,name\n1,A,f,x1\n2,B,m,x2\n,B,,x3\n6,A,m,x4', { kinds: { name: 'text' } });

describe('encodeTable', () => {
  it('gives the numbers of the formula', () => {
    const train = takeTableRows(table, rowsWith(table, 'sex'));
    const encoding = fitTable(table, { features: ['mass', 'island'] });
    expect(featureNames(encoding)).toEqual(['mass', 'mass missing', 'island=A', 'island=B']);
    // Mean 3 and variance (4 + 1 + 9) / 3 of 1, 2 and 6; the missing value stands for the mean.
    const std = Math.sqrt(14 / 3);
    const z = (value: number): number => Math.fround((value - 3) / std);
    const { data, shape } = encodeFeatures(table, encoding);
    expect(shape).toEqual([4, 4]);
    expect([...data]).toEqual([z(1), 0, 1, 0, z(2), 0, 0, 1, 0, 1, 0, 1, z(6), 0, 1, 0]);
    const target = encodeTable(train, fitTable(train, { target: 'sex' }));
    expect([...target.y.data]).toEqual([0, 1, 1]);
  });

  it('takes the median, or nothing in place of what is missing', () => {
    const encoding = fitTable(table, { features: ['mass'], missing: 'median', standardise: false, indicator: false });
    expect([...encodeFeatures(table, encoding).data]).toEqual([1, 2, 2, 6]);
    expect(() => fitTable(table, { features: ['mass'], missing: 'refuse' })).toThrow('fitTable: column mass lacks 1 values');
  });

  it('applies to other rows: an unknown class is none, a number keeps its scale', () => {
    const encoding = JSON.parse(JSON.stringify(fitTable(table, { features: ['mass', 'island'] }))) as ReturnType<typeof fitTable>;
    const other = parseCsv('island,mass\nC,3\nB,');
    expect([...encodeFeatures(other, encoding).data]).toEqual([0, 0, 0, 0, 0, 1, 0, 1]);
    expect(() => encodeFeatures(parseCsv('island\nA'), encoding)).toThrow('columnOf: the table has no column "mass"; there are island');
    expect(() => encodeFeatures(parseCsv('island,mass\nA,heavy'), encoding)).toThrow('encodeTable: column mass holds categories, expected numbers, as when the encoding was fitted'); // prettier-ignore
  });

  it('makes targets: classes of words and of 0 and 1, numbers for regression', () => {
    const full = parseCsv('a,b,c\n0,5,x\n1,7,y\n1,9,x');
    expect(fitTable(full, { target: 'a' }).target).toEqual({ task: 'classification', name: 'a', classes: ['0', '1'] });
    expect(fitTable(full, { target: 'b' }).target).toEqual({ task: 'regression', name: 'b', mean: 7, std: Math.sqrt(8 / 3) });
    expect(fitTable(full, { target: 'b', task: 'classification' }).target).toMatchObject({ classes: ['5', '7', '9'] });
    const { y } = encodeTable(full, fitTable(full, { target: 'b' }));
    expect(y.shape).toEqual([3, 1]);
    expect(y.data[2]).toBe(Math.fround(2 / Math.sqrt(8 / 3)));
    const strange = parseCsv('a,b,c\n0,5,x\n2,7,y');
    expect(() => encodeTable(strange, fitTable(full, { target: 'a' }))).toThrow('encodeTable: the target a of row 2 is "2", none of the 2 classes'); // prettier-ignore
  });

  it('a constant column is 0', () => {
    expect([...encodeFeatures(parseCsv('a\n5\n5'), fitTable(parseCsv('a\n5\n5'))).data]).toEqual([0, 0]);
  });

  it('says what cannot be encoded', () => {
    expect(() => fitTable(table, { target: 'sex' })).toThrow('fitTable: the target sex lacks 1 values; leave those rows out with rowsWith(table, "sex")'); // prettier-ignore
    expect(() => fitTable(table, { features: ['name'] })).toThrow("fitTable: column name holds texts, expected numbers or categories; read the table with kinds: { name: 'category' }"); // prettier-ignore
    expect(() => fitTable(table, { target: 'name' })).toThrow('fitTable: the target name holds texts, too many for classes');
    expect(() => fitTable(table, { target: 'island', task: 'regression' })).toThrow('the target island holds words, expected numbers for regression'); // prettier-ignore
    expect(() => fitTable(table, { target: 'mas' })).toThrow('columnOf: the table has no column "mas"; did you mean mass?');
    expect(() => fitTable(table, { target: 'mass', features: ['mass'] })).toThrow(
      'fitTable: mass is the target, so it cannot be a feature',
    );
    expect(() => fitTable(parseCsv('a\nx'), { target: 'a' })).toThrow(
      'fitTable: there is no column of numbers or categories to predict from',
    );
    expect(() => encodeTable(table, fitTable(table))).toThrow('encodeTable: the encoding has no target');
  });

  it('names the columns that are left out, and doubtful readings', () => {
    const rows = Array.from({ length: 300 }, (_, i) => `person ${i},"1,${100 + i}",${i % 2}`);
    const people = parseCsv(['name,income,answer', ...rows, ',,1'].join('\n'));
    const text = `column name is left out: it holds texts, 300 different ones, too many for classes; if they are classes, read the table with kinds: { name: 'category' }`;
    const { remark } = people.columns[1]!;
    expect(remark).toContain('"1,100" is read as 1100');
    expect(fitTable(people, { target: 'answer' }).remarks).toEqual([text, remark]);
    expect(fitTable(people, { target: 'answer', features: ['income'] }).remarks).toEqual([remark]);
    expect(fitTable(parseCsv('a,b\n1,x\n2,y'), { target: 'b' }).remarks).toEqual([]);
  });

  it('becomes a dataset', async () => {
    const full = parseCsv('a,b\n1,x\n2,y\n3,x');
    for await (const { x, y } of arrayDataset(encodeTable(full, fitTable(full, { target: 'b' }))).batch(3)) {
      expect([x.shape, [...y.data]]).toEqual([[3, 1], [0, 1, 0]]); // prettier-ignore
    }
  });
});

describe('stratifiedSplit', () => {
  const labels = Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : i < 99 ? 1 : 2));

  it('keeps every example once, and the classes in their shares', () => {
    const parts = stratifiedSplit(labels, { shares: [0.6, 0.2, 0.2], seed: 3 });
    expect(parts.map((part) => part.length)).toEqual([60, 20, 20]);
    expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
    for (const [label, share] of [[0, 0.7], [1, 0.29]] as const) // prettier-ignore
      for (const part of parts) expect(Math.abs(part.filter((place) => labels[place] === label).length - share * part.length)).toBeLessThanOrEqual(1); // prettier-ignore
    expect(parts[0]).toContain(99); // the class of one example
  });

  it('depends on the seed alone', () => {
    const split = (seed: number) => JSON.stringify(stratifiedSplit(labels, { shares: [0.8, 0.2], seed }).map((part) => [...part]));
    expect(split(1)).toBe(split(1));
    expect(split(1)).not.toBe(split(2));
  });

  it('takes a number of examples without classes, one class, and 10,000', () => {
    expect(stratifiedSplit(10, { shares: [0.5, 0.5] }).map((part) => part.length)).toEqual([5, 5]);
    expect(stratifiedSplit(new Int32Array(5), { shares: [0.8, 0.2] }).map((part) => part.length)).toEqual([4, 1]);
    const many = Int32Array.from({ length: 30_000 }, (_, i) => i % 10_000);
    const [train] = stratifiedSplit(many, { shares: [0.8, 0.2] });
    expect(new Set(train!.map((place) => many[place]!)).size).toBe(10_000);
  });

  it('refuses shares that make no whole, and empty parts', () => {
    expect(() => stratifiedSplit(10, { shares: [0.5, 0.6] })).toThrow('stratifiedSplit: shares: expected numbers > 0 whose sum is 1, got [0.5,0.6]'); // prettier-ignore
    expect(() => stratifiedSplit(2, { shares: [0.9, 0.1] })).toThrow('stratifiedSplit: part 2 of share 0.1 would be empty, of 2 examples');
  });
});

import { randomKey } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import type { Parameters } from './covering.ts';
import { coveringRows } from './covering.ts';

interface Row {
  a: number;
  b: number;
  c: string;
  d: boolean;
}

const PARAMETERS: Parameters<Row> = { a: [1, 2, 3, 4, 5], b: [1, 2, 3, 4], c: ['x', 'y', 'z'], d: [false, true] };

/** All combinations of `strength` values of a row, as text. */
function tuplesOf(row: Row, strength: number): string[] {
  const names = Object.keys(row) as (keyof Row)[];
  const choose = (from: number, left: number): string[][] =>
    left === 0
      ? [[]]
      : names.flatMap((name, i) => (i < from ? [] : choose(i + 1, left - 1).map((rest) => [`${name}=${row[name]}`, ...rest])));
  return choose(0, strength).map((tuple) => tuple.join(' '));
}

function allRows(allowed: (row: Row) => boolean): Row[] {
  const { a, b, c, d } = PARAMETERS;
  return a.flatMap((a) => b.flatMap((b) => c.flatMap((c) => d.map((d) => ({ a, b, c, d }))))).filter(allowed);
}

describe.each([2, 3] as const)('strength %d', (strength) => {
  test.each([
    ['everything', () => true],
    ['a constraint', ({ a, b, d }: Row) => a + b < 8 && !(a === 3 && d)],
  ])('%s: every allowed combination occurs, in far fewer rows', (_, allowed) => {
    const rows = [...coveringRows(PARAMETERS, strength, randomKey(7), allowed)];
    const every = allRows(allowed);
    expect(rows.every(allowed)).toBe(true);
    expect(new Set(rows.flatMap((row) => tuplesOf(row, strength)))).toEqual(new Set(every.flatMap((row) => tuplesOf(row, strength))));
    expect(rows.length).toBeLessThan(strength === 2 ? every.length / 3 : every.length);
  });
});

test('one key, one grid', () => {
  const rows = (seed: number): Row[] => [...coveringRows(PARAMETERS, 2, randomKey(seed))];
  expect(rows(1)).toEqual(rows(1));
  expect(rows(1)).not.toEqual(rows(2));
});

test('a parameter without values makes no rows', () => {
  expect([...coveringRows({ a: [1], b: [] }, 2, randomKey(1))]).toEqual([]);
});

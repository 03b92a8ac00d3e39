import { describe, expect, it } from 'vitest';
import { acrossParts, partsOf } from './parts.ts';
import type { Parts } from './problem.ts';

const none = { exact: [], near: [] };

function partOf(parts: Parts, index: number): string {
  return Object.entries(parts).find(([, indices]) => (indices as Int32Array).includes(index))![0];
}

describe('parts', () => {
  const targets = Int32Array.from({ length: 100 }, (_, i) => (i < 75 ? 0 : 1));
  const problem = { name: 'data', count: 100, task: 'classification', targets, duplicates: none } as const;

  it('hold each example once, and each class in its share', () => {
    const parts = partsOf(problem, 1);
    const all = [...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([64, 16, 20]);
    expect(parts.test.filter((index) => targets[index] === 1)).toHaveLength(5);
    expect(partsOf(problem, 1)).toEqual(parts);
  });

  it('keep copies together, also through chains of them', () => {
    const duplicates = { exact: [[3, 90, 91]], near: [[91, 50], [7, 8]] }; // prettier-ignore
    for (let seed = 0; seed < 10; seed++) {
      const parts = partsOf({ ...problem, duplicates }, seed);
      expect(new Set([3, 90, 91, 50].map((index) => partOf(parts, index))).size).toBe(1);
      expect(acrossParts(duplicates, parts)).toBe(0);
    }
  });

  it('are those that the data have, and tell of copies in two of them', () => {
    const given = { validation: new Int32Array(), test: Int32Array.from([0, 1, 80]) };
    const duplicates = { exact: [[0, 5]], near: [] };
    const parts = partsOf({ ...problem, given, duplicates }, 1);
    expect(parts.test).toEqual(given.test);
    expect(parts.train.length + parts.validation.length).toBe(97);
    expect(acrossParts(duplicates, parts)).toBe(1);
  });

  it('need ten examples', () => {
    expect(() => partsOf({ ...problem, count: 9, targets: targets.slice(0, 9) }, 1)).toThrow('data: 9 examples are too few to learn from');
  });
});

import { expect, test } from 'vitest';
import { ownShape, readable } from './own-shape.ts';
import type { Shape } from './shape.ts';

test('a frozen copy, one for equal shapes', () => {
  const given = [2, 3];
  const own = ownShape(given);
  given[0] = 7;
  expect(own).toEqual([2, 3]);
  expect(Object.isFrozen(own)).toBe(true);
  expect(ownShape([2, 3])).toBe(own);
  expect(ownShape(own)).toBe(own);
  expect(readable(own)).toEqual([2, 3]);
  expect(Object.isFrozen(readable(own))).toBe(false);
  expect(readable(given)).toBe(given);
  expect(Object.keys(own)).toEqual(['0', '1']);
  expect(JSON.stringify(own)).toBe('[2,3]');
  expect(Object.is(ownShape([-0])[0], 0)).toBe(true);
});

test('many shapes, of which equal hashes and slots are not mixed up', () => {
  const shapes: Shape[] = [[], [1, 31], [2, 0], [0, 62]]; // 31 · 1 + 31 = 31 · 2 + 0 = 31 · 0 + 62
  for (let i = 0; i < 5000; i++) shapes.push([i], [i, 3], [3, i, i]);
  for (const round of [0, 1]) for (const shape of shapes) expect(ownShape([...shape]), `round ${round}`).toEqual(shape);
});

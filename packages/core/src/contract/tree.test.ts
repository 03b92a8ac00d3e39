import { describe, expect, test } from 'vitest';
import type { Check } from './checks.ts';
import { leavesOf, mapTree, pairTrees } from './tree.ts';

const number: Check = { expected: 'a number', accepts: (value) => typeof value === 'number' };
const text: Check = { expected: 'a text', accepts: (value) => typeof value === 'string' };

describe('trees', () => {
  test('are mapped leaf by leaf, with paths', () => {
    const paths: string[] = [];
    const doubled = mapTree<number, number>('it', { a: 1, b: [2, { c: 3 }] }, number, (value, path) => (paths.push(path), 2 * value));
    expect(doubled).toEqual({ a: 2, b: [4, { c: 6 }] });
    expect(paths).toEqual(['a', 'b/0', 'b/1/c']);
    expect(mapTree<number, number>('it', 5, number, (value) => value + 1)).toBe(6);
    expect(leavesOf('it', [[1], { x: 2 }, 3], number)).toEqual([1, 2, 3]);
  });

  test('a member called __proto__ is a member', () => {
    const tree = JSON.parse('{"__proto__":1}') as object;
    expect(leavesOf('it', tree, number)).toEqual([1]);
    expect(Object.keys(mapTree('it', tree, number, String) as object)).toEqual(['__proto__']);
  });

  test('what is neither leaf, list nor plain object is named', () => {
    expect(() => leavesOf('it', { a: [1, 'x'] }, number)).toThrow('it: a/1: expected a number, got "x"');
    expect(() => leavesOf('it', new Map(), number)).toThrow('it: expected a number, got an object');
    const circle: { self?: object } = {};
    circle.self = circle;
    expect(() => leavesOf('it', circle, number)).toThrow('it: nested deeper than 64 levels');
  });

  test('two trees of one form are gone over together, members in any order', () => {
    const pairs: unknown[] = [];
    pairTrees('it', { a: 1, b: [2, 3] }, number, { b: ['two', 'three'], a: 'one' }, text, (a, b, path) => pairs.push([a, b, path]));
    expect(pairs).toEqual([
      [1, 'one', 'a'],
      [2, 'two', 'b/0'],
      [3, 'three', 'b/1'],
    ]);
  });

  test.each<[string, unknown, unknown, string]>([
    ['a leaf for an object', { a: 1 }, 'x', 'it: expected { a }, got "x"'],
    ['a list for an object', { a: 1 }, ['x'], 'it: expected { a }, got a list of 1'],
    ['another member', { a: 1, b: 2 }, { a: 'x', c: 'y' }, 'it: expected { a, b }, got { a, c }'],
    ['a member more', { a: [1] }, { a: ['x', 'y'] }, 'it: a: expected a list of 1, got a list of 2'],
    ['an object for a leaf', [1], [{ a: 'x' }], 'it: 0: expected a text, got an object'],
  ])('%s', (_, pattern, tree, message) => {
    expect(() => pairTrees('it', pattern, number, tree, text, () => {})).toThrow(message);
  });
});

import { expect, test } from 'vitest';
import { cell, derived, derivedCell, isScalar, numberOf, resolved } from './scalar.ts';

test('a cell holds what was put in last', () => {
  const rate = cell(0.1);
  expect(numberOf(rate)).toBe(0.1);
  rate.value = 0.05;
  expect(numberOf(rate)).toBe(0.05);
});

test('derived values follow their sources, in float64', () => {
  const beta = cell(0.999);
  const rest = derived((b) => 1 - b, beta);
  const both = derived((a, b) => a * b, rest, 3);
  const own = derivedCell(() => numberOf(both) + 1);
  beta.value = 0.9;
  expect([numberOf(rest), numberOf(both), own.value]).toEqual([1 - 0.9, (1 - 0.9) * 3, (1 - 0.9) * 3 + 1]);
});

test('what is derived from numbers alone is a number', () => {
  expect(derived((a, b) => a - b, 1, 0.25)).toBe(0.75);
});

test('a record of numbers is resolved to itself, one with cells to a record of their values', () => {
  const numbers = { alpha: 1 };
  expect(resolved(numbers)).toBe(numbers);
  expect(resolved({ alpha: cell(2), beta: 3 })).toEqual({ alpha: 2, beta: 3 });
});

test.each([
  [1, true],
  [cell(1), true],
  [null, false],
  ['1', false],
  [{ value: '1' }, false],
  [[1], false],
])('%j is a scalar: %s', (value, expected) => {
  expect(isScalar(value)).toBe(expected);
});

import { expect, test } from 'vitest';
import { constant, cooldown, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';

test('constant', () => {
  expect([0, 1, 1e6].map(constant(0.1))).toEqual([0.1, 0.1, 0.1]);
});

test('stepDecay halves every ten steps', () => {
  const rate = stepDecay({ initial: 8, factor: 0.5, every: 10 });
  expect([0, 9, 10, 19, 20, 39].map(rate)).toEqual([8, 8, 4, 4, 2, 1]);
});

test('exponentialDecay falls smoothly through the same points', () => {
  const rate = exponentialDecay({ initial: 8, factor: 0.5, every: 10 });
  expect([0, 10, 20].map(rate)).toEqual([8, 4, 2]);
  expect(rate(5)).toBeCloseTo(8 * Math.SQRT1_2, 12);
});

test('cosineDecay falls from initial to final and stays there', () => {
  const rate = cosineDecay({ initial: 1, steps: 100, final: 0.2 });
  expect(rate(0)).toBe(1);
  expect(rate(50)).toBeCloseTo(0.6, 12);
  expect(rate(25)).toBeCloseTo(0.2 + 0.4 * (1 + Math.SQRT1_2), 12);
  expect([100, 1000].map(rate)).toEqual([0.2, 0.2]);
  expect(cosineDecay({ initial: 1, steps: 4 })(4)).toBe(0);
});

test('cooldown is constant, then falls to 0 in a straight line', () => {
  const rate = cooldown({ initial: 1, steps: 100 });
  expect([0, 50, 80].map(rate)).toEqual([1, 1, 1]);
  expect(rate(90)).toBeCloseTo(0.5, 12);
  expect(rate(99)).toBeCloseTo(0.05, 12);
  expect([100, 1000].map(rate)).toEqual([0, 0]);
  expect([0, 1, 2, 3, 4].map(cooldown({ initial: 2, steps: 4, share: 1 }))).toEqual([2, 1.5, 1, 0.5, 0]);
  expect(cooldown({ initial: 3, steps: 1 })(0)).toBe(3);
});

test('warmUp rises to where the next schedule begins, which then counts from 0', () => {
  const rate = warmUp(4, stepDecay({ initial: 8, factor: 0.5, every: 2 }));
  expect([0, 1, 2, 3, 4, 5, 6].map(rate)).toEqual([2, 4, 6, 8, 8, 8, 4]);
  expect([0, 1, 2].map(warmUp(2, 0.5))).toEqual([0.25, 0.5, 0.5]);
});

test('refuse what cannot be', () => {
  expect(() => constant(0)).toThrow('constant: learningRate: expected a finite number > 0, or a schedule, got 0');
  expect(() => stepDecay({ initial: 1, factor: 0, every: 1 })).toThrow('stepDecay: factor: expected a finite number > 0, got 0');
  expect(() => exponentialDecay({ initial: 1, factor: 0.5, every: 0.5 })).toThrow(
    'exponentialDecay: every: expected an integer >= 1, got 0.5',
  );
  expect(() => cosineDecay({ initial: 1, steps: 10, final: -1 })).toThrow('cosineDecay: final: expected a finite number >= 0, got -1');
  for (const share of [0, 1.5, NaN])
    expect(() => cooldown({ initial: 1, steps: 10, share })).toThrow(
      `cooldown: share: expected a number above 0 and up to 1, got ${share}`,
    );
  expect(() => cooldown({ initial: 1, steps: 0 })).toThrow('cooldown: steps: expected an integer >= 1, got 0');
  expect(() => warmUp(0, 1)).toThrow('warmUp: steps: expected an integer >= 1, got 0');
});

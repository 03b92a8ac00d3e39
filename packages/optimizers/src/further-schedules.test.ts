import { expect, test } from 'vitest';
import { constant, cosineDecay, cosineRestarts, inverseSquareRoot, onPlateau, oneCycle, polynomialDecay, sequence, sgd } from './index.ts';

test('polynomialDecay', () => {
  const rate = polynomialDecay({ initial: 1, steps: 4, final: 0.5, power: 2 });
  expect([0, 1, 2, 4, 9].map(rate)).toEqual([1, 0.5 + 0.5 * 0.75 ** 2, 0.625, 0.5, 0.5]);
  expect([0, 1, 2, 3, 4].map(polynomialDecay({ initial: 4, steps: 4 }))).toEqual([4, 3, 2, 1, 0]);
});

test('cosineRestarts begins anew after each period, which grows', () => {
  const period = cosineDecay({ initial: 1, steps: 10, final: 0.1 });
  const same = cosineRestarts({ initial: 1, period: 10, final: 0.1 });
  for (const step of [0, 3, 9]) for (const round of [0, 1, 7]) expect(same(step + 10 * round)).toBeCloseTo(period(step), 12);
  const growing = cosineRestarts({ initial: 1, period: 10, growth: 2 });
  expect([0, 10, 30, 70].map(growing)).toEqual([1, 1, 1, 1]);
  expect([5, 20, 50].map(growing)).toEqual([0.5, 0.5, 0.5].map((value) => expect.closeTo(value, 12) as number));
  expect(growing(29)).toBeCloseTo((1 + Math.cos((Math.PI * 19) / 20)) / 2, 12);
});

test('oneCycle rises and falls between the phase ends of PyTorch', () => {
  const rate = oneCycle({ peak: 1, steps: 10 });
  // The phases of OneCycleLR(optimizer, max_lr=1, total_steps=10) end at steps 0.3 * 10 - 1 = 2 and 9.
  expect(rate(0)).toBeCloseTo(0.04, 12);
  expect(rate(1)).toBeCloseTo((0.04 + 1) / 2, 12);
  expect(rate(2)).toBeCloseTo(1, 12);
  expect(rate(9)).toBeCloseTo(0.04 / 1e4, 12);
  expect(rate(100)).toBe(rate(9));
});

test('inverseSquareRoot is the schedule of "Attention is all you need"', () => {
  const [width, warmUpSteps] = [512, 4000];
  const rate = inverseSquareRoot({ peak: 1 / Math.sqrt(width * warmUpSteps), warmUpSteps });
  for (const t of [1, 100, 4000, 4001, 100_000])
    expect(rate(t - 1)).toBeCloseTo(width ** -0.5 * Math.min(t ** -0.5, t * warmUpSteps ** -1.5), 15);
});

test('sequence runs schedules in turn', () => {
  const rate = sequence([[1, 2], [(step) => 10 + step, 3], [constant(5), 1]]); // prettier-ignore
  expect([0, 1, 2, 3, 4, 5, 6, 100].map(rate)).toEqual([1, 1, 10, 11, 12, 5, 5, 5]);
});

test('onPlateau reduces after more than patience bad epochs, rests, and stops at the minimum', () => {
  const rate = onPlateau({ initial: 1, factor: 0.5, patience: 1, cooldown: 1, minimum: 0.2, minDelta: 0.1 });
  const rates = (costs: readonly number[]) => costs.map((cost) => (rate.observe(cost), rate(0)));
  const costs = [5, 4, 3.95, 4, 4, 4, 4, NaN, 4, 4, 4, 4, 4];
  const expected = [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2];
  expect(rates(costs)).toEqual(expected);
  rate.reset();
  expect(rates(costs)).toEqual(expected);
});

test('refuse what cannot be', () => {
  expect(() => polynomialDecay({ initial: 1, steps: 4, power: 0 })).toThrow('polynomialDecay: power: expected a finite number > 0, got 0');
  expect(() => cosineRestarts({ initial: 1, period: 0 })).toThrow('cosineRestarts: period: expected an integer >= 1, got 0');
  expect(() => oneCycle({ peak: 1, steps: 1 })).toThrow('oneCycle: steps: expected an integer >= 2, got 1');
  expect(() => inverseSquareRoot({ peak: 0, warmUpSteps: 1 })).toThrow('inverseSquareRoot: peak: expected a finite number > 0, got 0');
  expect(() => sequence([[1]] as never)).toThrow('sequence: phases: expected a list of one phase or more');
  expect(() => sequence([[() => NaN, 1]])(0)).toThrow('sequence: learningRate: the schedule gave NaN at step 0');
  expect(() => onPlateau({ initial: 1, factor: 1 })).toThrow('onPlateau: factor: expected a number above 0 and below 1, got 1');
  expect(() => sgd({ learningRate: -1 })).toThrow('sgd: learningRate: expected a finite number > 0, or a schedule, got -1');
});

// Synthetic sets: the same examples for the same seed, halves that share none, and the shapes that their docstrings promise, computed here
// in another way.

import { describe, expect, test } from 'vitest';
import type { HostArray } from '../index.ts';
import * as sets from '../index.ts';

type Make = (options: { count?: number; seed?: number; split?: 'train' | 'test' }) => { readonly x: HostArray; readonly y: HostArray };
const makers: [string, Make][] = [
  ['xor', sets.xor],
  ['spirals', sets.spirals],
  ['circles', sets.circles],
  ['moons', sets.moons],
  ['blobs', sets.blobs],
  ['lippmannRegions', sets.lippmannRegions],
  ['parity', (options) => sets.parity({ bits: 30, ...options })],
  ['sineWaves', sets.sineWaves],
  ['addingProblem', sets.addingProblem],
  ['copyTask', sets.copyTask],
];

const row = ({ data, shape }: HostArray, i: number): number[] => {
  const size = data.length / shape[0]!;
  return [...data.subarray(i * size, (i + 1) * size)] as number[];
};

describe.each(makers)('%s', (name, make) => {
  test('the same seed gives the same examples, whatever their number', () => {
    expect(make({ count: 20, seed: 3 })).toEqual(make({ count: 20, seed: 3 }));
    expect(row(make({ count: 50, seed: 3 }).x, 7)).toEqual(row(make({ count: 20, seed: 3 }).x, 7));
  });

  test('seeds and halves differ', () => {
    const first = (options: object): string => JSON.stringify(row(make({ count: 10, ...options }).x, 3));
    expect(new Set([first({ seed: 1 }), first({ seed: 2 }), first({ seed: 1, split: 'test' })]).size).toBe(3);
  });

  test('mistakes are named', () => {
    expect(() => make({ count: 0 })).toThrow(`${name}: count: expected an integer from 1 to 1,000,000, got 0`);
    expect(() => make({ cuont: 5 } as never)).toThrow(`${name}: cuont is no option; did you mean count?`);
  });

  test('as a dataset it gives batches', async () => {
    for await (const batch of sets
      .arrayDataset(make({ count: 8 }))
      .shuffle(1)
      .batch(4)) {
      expect([batch.x.shape[0], batch.y.shape[0]]).toEqual([4, 4]);
    }
  });
});

const count = 400;
const each = (set: { x: HostArray; y: HostArray }): { x: number[]; y: number[] }[] =>
  Array.from({ length: set.x.shape[0]! }, (_, i) => ({ x: row(set.x, i), y: row(set.y, i) }));

test('xor: with little noise the signs of the coordinates give the class', () => {
  for (const { x, y } of each(sets.xor({ count, noise: 0.1 }))) expect(y[0]).toBe(x[0]! > 0 !== x[1]! > 0 ? 1 : 0);
  expect(each(sets.xor({ count: 4, noise: 0 })).map(({ x }) => x)).toEqual([[-1, -1], [1, -1], [-1, 1], [1, 1]]); // prettier-ignore
});

test('spirals: without noise the angle follows from the radius and the arm', () => {
  for (const { x, y } of each(sets.spirals({ count, classes: 3, turns: 2, noise: 0 }))) {
    const radius = Math.hypot(x[0]!, x[1]!);
    const angle = 2 * Math.PI * (2 * radius + y[0]! / 3);
    expect(x[0]).toBeCloseTo(radius * Math.cos(angle), 5); // float32 coordinates, an angle of up to 15
    expect(x[1]).toBeCloseTo(radius * Math.sin(angle), 5);
  }
});

test('circles and moons: without noise the points lie on their curves', () => {
  for (const { x, y } of each(sets.circles({ count, factor: 0.3, noise: 0 }))) expect(Math.hypot(x[0]!, x[1]!)).toBeCloseTo(y[0] === 1 ? 0.3 : 1, 6); // prettier-ignore
  for (const { x, y } of each(sets.moons({ count, noise: 0 }))) {
    const [h, v] = y[0] === 1 ? [1 - x[0]!, 0.5 - x[1]!] : [x[0]!, x[1]!];
    expect(Math.hypot(h, v)).toBeCloseTo(1, 6);
    expect(v).toBeGreaterThanOrEqual(-1e-7);
  }
});

test('blobs: classes take turns, around centres that both halves share', () => {
  const mean = (split: 'train' | 'test'): number[] => {
    const own = each(sets.blobs({ count: 900, split, noise: 0.1 })).filter(({ y }) => y[0] === 1);
    expect(own).toHaveLength(300);
    return [0, 1].map((axis) => own.reduce((sum, { x }) => sum + x[axis]!, 0) / own.length);
  };
  const [train, test] = [mean('train'), mean('test')];
  for (const axis of [0, 1]) expect(Math.abs(train[axis]! - test[axis]!)).toBeLessThan(0.05); // six standard errors of the difference
});

test('lippmannRegions: points of known regions', () => {
  for (const region of ['halfPlane', 'convex', 'meshed', 'disjoint'] as const) {
    const set = each(sets.lippmannRegions({ count: 2000, region }));
    const share = set.filter(({ y }) => y[0] === 1).length / set.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.6);
  }
  for (const { x, y } of each(sets.lippmannRegions({ count, region: 'halfPlane' }))) expect(y[0]).toBe(2 * x[1]! - x[0]! > 0.2 ? 1 : 0);
});

test('parity: the class is the sum of the bits, modulo 2', () => {
  for (const { x, y } of each(sets.parity({ count, bits: 9 }))) expect(y[0]).toBe(x.reduce((a, b) => a + b) % 2);
});

test('sineWaves: the target continues the wave', () => {
  // A sine obeys x(t+1) = 2 cos(step) x(t) - x(t-1); the step follows from three values in the middle.
  for (const { x, y } of each(sets.sineWaves({ count: 50, length: 40 }))) {
    const at = x.findIndex((value, t) => t > 0 && t < 38 && Math.abs(value) > 0.3);
    const twiceCosine = (x[at + 1]! + x[at - 1]!) / x[at]!;
    expect(y[0]).toBeCloseTo(twiceCosine * x[39]! - x[38]!, 4); // float32 values, divided by one of at least 0.3
  }
});

test('addingProblem: two marks, one in each half, and their sum', () => {
  for (const { x, y } of each(sets.addingProblem({ count, length: 7 }))) {
    const marks = x.flatMap((value, i) => (i % 2 === 1 && value === 1 ? [(i - 1) / 2] : []));
    expect(marks).toHaveLength(2);
    expect(marks[0]).toBeLessThan(3);
    expect(marks[1]).toBeGreaterThanOrEqual(3);
    expect(y[0]).toBeCloseTo(x[2 * marks[0]!]! + x[2 * marks[1]!]!, 6);
  }
});

test('copyTask: symbols, blanks, the signal, and the symbols again', () => {
  const [{ x, y }] = each(sets.copyTask({ count: 1, length: 3, delay: 2, symbols: 5 })) as [{ x: number[]; y: number[] }];
  expect(x.slice(3)).toEqual([0, 0, 6, 0, 0, 0]);
  expect(y).toEqual([0, 0, 0, 0, 0, 0, ...x.slice(0, 3)]);
  expect(x.slice(0, 3).every((symbol) => symbol >= 1 && symbol <= 5)).toBe(true);
});

test('sets by name', () => {
  for (const name of sets.syntheticNames) {
    const make = (sets as unknown as Readonly<Record<string, Make>>)[name]!;
    expect(sets.createSynthetic(name, { count: 5, seed: 2 })).toEqual(make({ count: 5, seed: 2 }));
    expect(sets.describeSynthetic(name)).toMatch(/\w/);
  }
  expect(() => sets.createSynthetic('moon')).toThrow('synthetic set moon is not known; did you mean moons?');
});

// Normalisations against their formulas in float64.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { randomNormal, tensor, zeros } from '../tensor/creation.ts';
import { groupNorm } from './group-norm.ts';
import { layerNorm } from './layer-norm.ts';
import { rmsNorm } from './rms-norm.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const normalised = (values: readonly number[], epsilon: number): number[] => {
  const centre = mean(values);
  const spread = mean(values.map((value) => (value - centre) ** 2));
  return values.map((value) => (value - centre) / Math.sqrt(spread + epsilon));
};
const expectClose = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i], `[${i}]`).toBeCloseTo(value, 13));
};

describe('layerNorm', () => {
  test('over the last axis, with scale and offset', () => {
    const rows = [[1, 2, 4], [-1, 0, 0.5]]; // prettier-ignore
    const [scale, offset] = [[2, 1, -1], [0, 0.5, 1]]; // prettier-ignore
    const expected = rows.flatMap((row) => normalised(row, 1e-5).map((value, i) => value * scale[i]! + offset[i]!));
    expectClose(layerNorm(tensor(rows), { scale: tensor(scale), offset: tensor(offset) }).dataSync(), expected);
  });

  test('over several axes, and over none but one in the middle', () => {
    const x = randomNormal([2, 3, 4], { seed: 1 });
    const values = [...x.dataSync()];
    const both = [0, 1].flatMap((n) => normalised(values.slice(12 * n, 12 * n + 12), 0.1));
    expectClose(layerNorm(x, { axis: [-1, 1], epsilon: 0.1 }).dataSync(), both);
    const middle = layerNorm(x, { axis: 1 }).dataSync();
    const column = normalised([values[13]!, values[17]!, values[21]!], 1e-5);
    expectClose([middle[13]!, middle[17]!, middle[21]!], column);
  });

  test('of equal values is the offset', () => expect([...layerNorm(tensor([[3, 3]])).dataSync()]).toEqual([0, 0]));

  test('says in one line what does not fit', () => {
    expect(() => layerNorm(zeros([2, 3]), { scale: zeros([2]) })).toThrow('layerNorm: scale must be [3], got [2]');
    expect(() => layerNorm(zeros([2, 3]), { axis: 2 })).toThrow('layerNorm: axis 2 is out of range');
    expect(() => layerNorm(zeros([2, 3]), { epsilon: 0 })).toThrow('layerNorm: epsilon: expected a finite number > 0, got 0');
    expect(() => rmsNorm(zeros([2, 3]), { offset: zeros([3]) } as never)).toThrow('rmsNorm: offset is no option');
  });
});

test('rmsNorm divides by the root mean square', () => {
  const row = [3, -4, 0, 1];
  const root = Math.sqrt(mean(row.map((value) => value * value)) + 1e-6);
  expectClose(rmsNorm(tensor([row]), { scale: tensor([1, 2, 3, 4]) }).dataSync(), [3 / root, -8 / root, 0, 4 / root]);
});

describe('groupNorm', () => {
  test('is the formula over the image and the channels of a group', () => {
    const x = randomNormal([2, 3, 1, 4], { seed: 2 });
    const values = [...x.dataSync()];
    const expected = new Array<number>(24);
    for (const n of [0, 1])
      for (const group of [0, 1]) {
        const members = [0, 1, 2].flatMap((pixel) => [0, 1].map((channel) => 12 * n + 4 * pixel + 2 * group + channel));
        normalised(members.map((i) => values[i]!), 1e-5).forEach((value, i) => (expected[members[i]!] = value)); // prettier-ignore
      }
    const scaled = expected.map((value, i) => value * [1, 2, 3, 4][i % 4]! + [0, 1, 2, 3][i % 4]!);
    expectClose(groupNorm(x, 2, { scale: tensor([1, 2, 3, 4]), offset: tensor([0, 1, 2, 3]) }).dataSync(), scaled);
  });

  test('with one group is layerNorm of the whole example', () => {
    const x = randomNormal([2, 3, 4], { seed: 3 });
    expectClose(groupNorm(x, 1).dataSync(), [...layerNorm(x, { axis: [1, 2] }).dataSync()]);
  });

  test('says in one line what does not fit', () => {
    expect(() => groupNorm(zeros([1, 2, 6]), 4)).toThrow('groupNorm: 4 groups must divide the 6 channels of the input [1,2,6]');
    expect(() => groupNorm(zeros([6]), 2)).toThrow('groupNorm: input must be [batch, …, channels], got [6]');
    expect(() => groupNorm(zeros([1, 6]), 2, { offset: zeros([2, 3]) })).toThrow('groupNorm: offset must be [6], got [2,3]');
  });
});

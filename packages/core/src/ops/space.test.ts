// Convolution and pooling of sequences, images and volumes against their definitions, as loops in float64, with options drawn at random.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import * as core from '../index.ts';
import type { Dimensions, Shape, Tensor } from '../index.ts';
import { RandomStream, randomKey, randomNormal, sizeOf, stridesOf, use } from '../index.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const DRAWS = 12;

/** One number for each axis; sides has before and after for each. */
interface Windows {
  readonly lengths: number[];
  readonly window: number[];
  readonly strides: number[];
  readonly dilation: number[];
  readonly sides: (readonly [number, number])[];
  readonly output: number[];
}

function draw(random: RandomStream, dimensions: number, dilated: boolean): Windows {
  const from = (low: number, high: number): number => low + random.below(high - low + 1);
  const each = (make: (axis: number) => number): number[] => Array.from({ length: dimensions }, (_, axis) => make(axis));
  const window = each(() => from(1, 3));
  const strides = each(() => from(1, 3));
  const dilation = each(() => (dilated ? from(1, 2) : 1));
  const lengths = each((axis) => from(dilation[axis]! * (window[axis]! - 1) + 1, 6));
  const sides = window.map((length): [number, number] => [from(0, length - 1), from(0, length - 1)]);
  const output = lengths.map((length, i) => {
    const room = length + sides[i]![0] + sides[i]![1] - dilation[i]! * (window[i]! - 1) - 1;
    return Math.floor(room / strides[i]!) + 1;
  });
  return { lengths, window, strides, dilation, sides, output };
}

/** Every index of a shape. */
function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>((all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])), [[]]);
}

function at(x: Tensor, values: ArrayLike<number>, index: readonly number[]): number {
  return values[stridesOf(x.shape).reduce((sum, stride, i) => sum + stride * index[i]!, 0)]!;
}

/** For each place of the output the places of the input under its window: undefined where the border is. */
function under({ lengths, strides, dilation, sides }: Windows, place: readonly number[], tap: readonly number[]): number[] | undefined {
  const index = place.map((p, i) => p * strides[i]! + tap[i]! * dilation[i]! - sides[i]![0]);
  return index.every((p, i) => p >= 0 && p < lengths[i]!) ? index : undefined;
}

function options({ strides, dilation, sides }: Windows, groups: number): object {
  const one = strides.length === 1;
  const [stride, tapsApart] = one ? [strides[0], dilation[0]] : [strides, dilation];
  return { strides: stride, dilation: tapsApart, padding: one ? sides[0] : sides, groups };
}

type Op = (...values: unknown[]) => Tensor;
const opOf = (name: string): Op => (core as unknown as Record<string, Op>)[name]!;

function expectClose(y: Tensor, shape: Shape, expected: readonly number[]): void {
  expect(y.shape).toEqual(shape);
  y.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12)); // sums of at most 54 products of order 1
}

describe.each([1, 2, 3] as const)('in %i dimensions', (dimensions: Dimensions) => {
  test(`conv${dimensions}d`, () => {
    const random = new RandomStream(randomKey(dimensions));
    for (let i = 0; i < DRAWS; i++) {
      const windows = draw(random, dimensions, true);
      const groups = 1 + random.below(2);
      const [channels, filters] = [groups, 2 * groups];
      const x = randomNormal([2, ...windows.lengths, 2 * channels], { seed: i });
      const filter = randomNormal([...windows.window, (2 * channels) / groups, filters], { seed: i + 100 });
      const [values, weights] = [x.dataSync(), filter.dataSync()];
      const shape = [2, ...windows.output, filters];
      const expected = indicesOf(shape).map((index) => {
        const [batch, place, f] = [index[0]!, index.slice(1, -1), index.at(-1)!];
        const first = Math.floor(f / (filters / groups)) * filter.shape[dimensions]!;
        let total = 0;
        for (const tap of indicesOf([...windows.window, filter.shape[dimensions]!])) {
          const source = under(windows, place, tap.slice(0, -1));
          if (source !== undefined) total += at(x, values, [batch, ...source, first + tap.at(-1)!]) * at(filter, weights, [...tap, f]);
        }
        return total;
      });
      expectClose(opOf(`conv${dimensions}d`)(x, filter, options(windows, groups)), shape, expected);
    }
  });

  test(`convTranspose${dimensions}d is the adjoint of conv${dimensions}d: <conv(x), y> = <x, convTranspose(y)>`, () => {
    const random = new RandomStream(randomKey(10 + dimensions));
    for (let i = 0; i < DRAWS; i++) {
      const windows = draw(random, dimensions, true);
      const groups = 1 + random.below(2);
      const named = random.below(3) === 0;
      const lengths = named ? windows.lengths.map((length, axis) => length * windows.strides[axis]!) : windows.lengths;
      const x = randomNormal([1, ...lengths, 2 * groups], { seed: i });
      const filter = randomNormal([...windows.window, 2, 2 * groups], { seed: i + 100 });
      const given = options(windows, groups);
      const forward = named ? { ...given, padding: 'same' } : given;
      const there = opOf(`conv${dimensions}d`)(x, filter, forward);
      const y = randomNormal(there.shape, { seed: i + 200 });
      const rest = windows.lengths.map((length, axis) => {
        const room = length + windows.sides[axis]![0] + windows.sides[axis]![1] - windows.dilation[axis]! * (windows.window[axis]! - 1) - 1;
        return room % windows.strides[axis]!;
      });
      const back = opOf(`convTranspose${dimensions}d`)(
        y,
        filter,
        named ? forward : { ...given, outputPadding: dimensions === 1 ? rest[0] : rest },
      );
      expect(back.shape).toEqual(x.shape);
      const [left, right] = [core.sum(core.mul(there, y)), core.sum(core.mul(x, back))].map((value) => value.dataSync()[0]!);
      expect(left).toBeCloseTo(right!, 10);
    }
  });

  test.each(['max', 'avg', 'avg with padding'])(`${dimensions}-D pooling: %s`, (kind) => {
    const random = new RandomStream(randomKey(20 + dimensions));
    for (let i = 0; i < DRAWS; i++) {
      const windows = draw(random, dimensions, false);
      const x = randomNormal([2, ...windows.lengths, 2], { seed: i });
      const values = x.dataSync();
      const shape = [2, ...windows.output, 2];
      const expected = indicesOf(shape).map((index) => {
        const taps = indicesOf(windows.window).map((tap) => under(windows, index.slice(1, -1), tap));
        const seen = taps.flatMap((source) => (source === undefined ? [] : [at(x, values, [index[0]!, ...source, index.at(-1)!])]));
        if (kind === 'max') return Math.max(...seen);
        return seen.reduce((a, b) => a + b, 0) / (kind === 'avg' ? seen.length : sizeOf(windows.window));
      });
      const { dilation: _, groups: __, ...given } = options(windows, 1) as Record<string, unknown>;
      const window = dimensions === 1 ? windows.window[0] : windows.window;
      const includePadding = kind === 'max' ? {} : { includePadding: kind !== 'avg' };
      const op = opOf(`${kind.slice(0, 3)}Pool${dimensions}d`);
      // A window that sees only padding has no maximum and no mean: drawn windows are at most one shorter than the border.
      expectClose(op(x, { ...given, window, ...includePadding }), shape, expected);
    }
  });
});

test('causal padding: no result sees a later element', () => {
  const filter = randomNormal([3, 1, 1], { seed: 1 });
  const x = randomNormal([1, 8, 1], { seed: 2 }).dataSync();
  const run = (values: ArrayLike<number>): number[] => [
    ...core.conv1d(core.tensor(Float64Array.from(values), { shape: [1, 8, 1] }), filter, { padding: 'causal', dilation: 2 }).dataSync(),
  ];
  const [whole, changed] = [run(x), run(Float64Array.from(x, (value, i) => (i < 5 ? value : 100)))];
  expect(changed.slice(0, 5)).toEqual(whole.slice(0, 5));
  expect(changed[5]).not.toBe(whole[5]);
});

test('of equal maxima the first in row-major order gets the gradient', () => {
  for (const [op, shape, argument] of [
    ['maxPool1d', [1, 4, 1], { window: 4 }],
    ['maxPool3d', [1, 2, 2, 2, 1], {}],
    ['adaptiveMaxPool2d', [1, 3, 3, 1], 1],
    ['adaptiveMaxPool3d', [1, 2, 3, 2, 1], 1],
  ] as const) {
    // prettier-ignore
    const x = core.ones(shape);
    const [dx] = core.valueAndGrad((given: Tensor) => core.sum(opOf(op)(given, argument)), [x]).gradients;
    expect([...dx!.dataSync()]).toEqual([1, ...Array.from({ length: x.size - 1 }, () => 0)]);
  }
});

test('a NaN stays where it is', () => {
  const x = core.tensor([1, 2, NaN, 4, 5, 6]).reshape([1, 6, 1]);
  const nans = (y: Tensor): number[] => [...y.dataSync()].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
  expect(nans(core.resize(x, [3], { method: 'linear' }))).toEqual([1]);
  expect(nans(core.adaptiveAvgPool1d(x, 4))).toEqual([1]);
  expect(nans(core.localResponseNorm(x.reshape([1, 6]), { size: 3 }))).toEqual([1, 2, 3]);
});

test('local response normalisation over more channels than there are sums all of them', () => {
  const x = randomNormal([2, 4], { seed: 1 });
  expect([...core.localResponseNorm(x, { size: 2 ** 40 + 1 }).dataSync()]).toEqual([...core.localResponseNorm(x, { size: 7 }).dataSync()]);
});

test('resizing to the same size, and integers', () => {
  const x = core.tensor([1, 2, 3, 4], { dtype: 'int32' }).reshape([1, 2, 2, 1]);
  expect([...core.resize(x, [2, 4]).dataSync()]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  const same = core.resize(x, [2, 2]);
  expect([...same.dataSync()]).toEqual([1, 2, 3, 4]);
  same.dispose();
  expect([...x.dataSync()]).toEqual([1, 2, 3, 4]);
});

// Convolution and its gradients on every engine: random geometries, with values whose sums are exact in any order.

import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Conv2dGeometry, Pair, Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { FuzzCall } from './fuzz.ts';
import { dataOf, exactly, fuzz, FUZZ_TIMEOUT, seeds, smallIntegers } from './fuzz.ts';
import { FLOAT32 } from './tolerance.ts';

interface Case {
  readonly geometry: Conv2dGeometry;
  readonly x: Shape;
  readonly filter: Shape;
  readonly y: Shape;
  readonly seed: number;
}

/** The most multiplications of one case: the reference needs a few milliseconds for them. */
const MOST_MACS = 3e6;

const pair = (min: number, max: number): fc.Arbitrary<Pair> => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Numbers of channels near the sizes of vectors and tiles. */
const channels = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 2, arbitrary: fc.constantFrom(12, 15, 16, 17, 24, 31, 32, 33, 48) },
  { weight: 1, arbitrary: fc.integer({ min: 50, max: 200 }) },
);

const anyWindow = fc.oneof(fc.constantFrom<Pair>([1, 1], [3, 3], [5, 5]), pair(1, 7));

const casesOf = (depthwise: fc.Arbitrary<boolean>, window = anyWindow): fc.Arbitrary<Case> =>
  fc
    .record({
      batch: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.constantFrom(0, 40) }),
      image: fc.oneof(pair(1, 12), pair(5, 40)),
      window,
      strides: fc.oneof(fc.constantFrom<Pair>([1, 1], [2, 2]), pair(1, 4)),
      padding: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4)),
      dilation: fc.oneof({ weight: 3, arbitrary: fc.constant<Pair>([1, 1]) }, { weight: 1, arbitrary: pair(1, 3) }),
      groups: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) }),
      groupChannels: channels,
      groupFilters: channels,
      depthwise,
      seed: seeds,
    })
    .map(({ batch, image, window, strides, padding, dilation, depthwise, seed, ...drawn }): Case => {
      const reach = window.map((length, axis) => dilation[axis] * (length - 1));
      // If the window does not fit, the image is made larger.
      const [height, width] = image.map((length, axis) => Math.max(length, reach[axis] + 1 - padding[2 * axis] - padding[2 * axis + 1], 1));
      const [outHeight, outWidth] = [height, width].map(
        (length, axis) => Math.floor((length + padding[2 * axis] + padding[2 * axis + 1] - reach[axis] - 1) / strides[axis]) + 1,
      );
      const groups = depthwise ? drawn.groupChannels : drawn.groups;
      const groupChannels = depthwise ? 1 : drawn.groupChannels;
      const groupFilters = depthwise ? 1 + (seed % 7 === 0 ? 1 : 0) : drawn.groupFilters;
      const macs = outHeight * outWidth * groups * window[0] * window[1] * groupChannels * groupFilters;
      const images = Math.min(batch, Math.max(1, Math.floor(MOST_MACS / macs)));
      return {
        geometry: { strides, padding, dilation, groups },
        x: [images, height, width, groups * groupChannels],
        filter: [window[0], window[1], groupChannels, groups * groupFilters],
        y: [images, outHeight, outWidth, groups * groupFilters],
        seed,
      };
    })
    .filter(({ filter, y }) => sizeOf(y) * sizeOf(filter.slice(0, 3)) <= 4 * MOST_MACS);

const cases = casesOf(fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0));
/** Every channel has its own filter, mostly 3x3: kernels/convolution/depthwise_3x3.h and depthwise.h. */
const depthwiseCases = casesOf(
  fc.constant(true),
  fc.oneof({ weight: 2, arbitrary: fc.constant<Pair>([3, 3]) }, { weight: 1, arbitrary: anyWindow }),
).filter(({ geometry, filter }) => geometry.groups > 1 && filter[3] === geometry.groups);

type Values = (shape: Shape, seed: number) => FuzzCall['in'][string];
const integers: Values = (shape, seed) => smallIntegers('float32', shape, seed);
/** Some integers are replaced by values that make products with the zeros of the padding visible. */
const someNotFinite: Values = (shape, seed) =>
  dataOf('float32', shape, seed, (word) => (word % 40 === 0 ? [Infinity, -Infinity, NaN][(word >>> 8) % 3] : (word % 17) - 8));
/** So few that most results of a large sum are finite. */
const fewNotFinite: Values = (shape, seed) =>
  dataOf('float32', shape, seed, (word) => (word % 997 === 0 ? [Infinity, -Infinity, NaN][(word >>> 8) % 3] : (word % 17) - 8));
const float = (shape: Shape): { dtype: 'float32'; shape: Shape } => ({ dtype: 'float32', shape });
const RUNS = { quick: 40, full: 4000 };

const forward = (cases: fc.Arbitrary<Case>, values: Values): fc.Arbitrary<FuzzCall> =>
  fc
    .tuple(cases, fc.boolean(), fc.constantFrom('none', 'kept', 'donated'), fc.constantFrom('linear', 'relu', 'leakyRelu'))
    .map(([{ geometry, x, filter, y, seed }, bias, residual, activation]) => ({
      kernel: 'conv2d',
      in: {
        x: values(x, seed),
        filter: values(filter, seed + 1),
        ...(bias && { bias: values(y.slice(3), seed + 2) }),
        ...(residual !== 'none' && { residual: values(y, seed + 3) }),
      },
      out: { y: float(y) },
      attrs: { ...geometry, activation, precision: FLOAT32 },
      scalars: { alpha: 0.5 },
      ...(residual === 'donated' && { over: { y: 'residual' } }),
    }));
it('conv2d of random geometries', fuzz(forward(cases, integers), exactly, RUNS), FUZZ_TIMEOUT);
it('conv2d of infinities and NaN', fuzz(forward(cases, fewNotFinite), exactly, RUNS), FUZZ_TIMEOUT);

/** Sums of so many terms that y holds partial sums before the residual is added: cut within a row of taps, by rows of taps, both ways, in groups. */
const inParts = fc.constantFrom<Case>(
  ...(
    [
      [[1, 9, 9, 1400], 1, 1, 1],
      [[1, 9, 9, 400], 3, 1, 1],
      [[2, 9, 9, 500], 3, 2, 1],
      [[1, 9, 9, 600], 3, 1, 2],
    ] as const
  ).map(([x, kernel, stride, groups], seed) => {
    const pad = kernel >> 1;
    const size = Math.ceil(x[1] / stride);
    return {
      geometry: { strides: [stride, stride], padding: [pad, pad, pad, pad], dilation: [1, 1], groups },
      x,
      filter: [kernel, kernel, x[3] / groups, 34],
      y: [x[0], size, size, 34],
      seed,
    } as const;
  }),
);
it('conv2d of sums in parts', fuzz(forward(inParts, integers), exactly, { quick: 24, full: 200 }), FUZZ_TIMEOUT);

const inputGrad = (cases: fc.Arbitrary<Case>, values: Values): fc.Arbitrary<FuzzCall> =>
  cases.map(({ geometry, x, filter, y, seed }) => ({
    kernel: 'conv2dInputGrad',
    in: { dy: values(y, seed), filter: values(filter, seed + 1) },
    out: { dx: float(x) },
    attrs: { ...geometry, inputShape: x, precision: FLOAT32 },
  }));
it('conv2dInputGrad of random geometries', fuzz(inputGrad(cases, integers), exactly, RUNS), FUZZ_TIMEOUT);
it('conv2dInputGrad of infinities and NaN', fuzz(inputGrad(cases, fewNotFinite), exactly, RUNS), FUZZ_TIMEOUT);

const filterGrad = (cases: fc.Arbitrary<Case>, values: Values): fc.Arbitrary<FuzzCall> =>
  cases.map(({ geometry, x, filter, y, seed }) => ({
    kernel: 'conv2dFilterGrad',
    in: { x: values(x, seed), dy: values(y, seed + 1) },
    out: { dfilter: float(filter) },
    attrs: { ...geometry, filterShape: filter, precision: FLOAT32 },
  }));
it('conv2dFilterGrad of random geometries', fuzz(filterGrad(cases, integers), exactly, RUNS), FUZZ_TIMEOUT);
it('conv2dFilterGrad of infinities and NaN', fuzz(filterGrad(cases, fewNotFinite), exactly, RUNS), FUZZ_TIMEOUT);

describe('depthwise', () => {
  for (const [name, values] of [
    ['integers', integers],
    ['infinities and NaN', someNotFinite],
  ] as const) {
    it(`conv2d of ${name}`, fuzz(forward(depthwiseCases, values), exactly, RUNS), FUZZ_TIMEOUT);
    it(`conv2dInputGrad of ${name}`, fuzz(inputGrad(depthwiseCases, values), exactly, RUNS), FUZZ_TIMEOUT);
    it(`conv2dFilterGrad of ${name}`, fuzz(filterGrad(depthwiseCases, values), exactly, RUNS), FUZZ_TIMEOUT);
  }

  for (const [name, x, stride] of [
    ['slices of a large gradient of the filter', [8, 30, 30, 70], 1],
    ['many rows', [40, 40, 40, 40], 1],
    ['many rows with stride 2', [40, 40, 40, 40], 2],
    ['rows that are too long to be kept', [1, 3, 4100, 70], 1],
    ['rows that are too long to be kept, with stride 2', [1, 3, 8200, 70], 2],
  ] as const) {
    it(`works on ${name}`, () => {
      const channels = x[3];
      const geometry = { strides: [stride, stride], padding: [1, 1, 1, 1], dilation: [1, 1], groups: channels } as const;
      const y = [x[0], Math.ceil(x[1] / stride), Math.ceil(x[2] / stride), channels];
      const large = fc.constant({ geometry, x, filter: [3, 3, 1, channels], y, seed: 5 });
      fuzz(filterGrad(large, integers), exactly, { quick: 1, full: 1 })();
      fuzz(inputGrad(large, integers), exactly, { quick: 1, full: 1 })();
      fuzz(forward(large, integers), exactly, { quick: 1, full: 8 })();
    });
  }
});

/** Few filters, stride 1, and rows of at least a vector of pixels: kernels/convolution/planar.h. x may have many channels. */
const planarCases = fc
  .record({
    batch: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(20)),
    image: pair(1, 34),
    window: fc.oneof(fc.constantFrom<Pair>([3, 3], [5, 5]), pair(1, 7)),
    padding: fc.tuple(fc.integer({ min: -1, max: 4 }), fc.nat(4), fc.integer({ min: -1, max: 4 }), fc.nat(4)),
    dilation: fc.oneof({ weight: 3, arbitrary: fc.constant<Pair>([1, 1]) }, { weight: 1, arbitrary: pair(1, 3) }),
    few: fc.integer({ min: 1, max: 33 }),
    others: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 20)),
    columns: fc.integer({ min: 4, max: 40 }),
    seed: seeds,
  })
  .map(({ batch, image, window, padding, dilation, few, others, columns, seed }) => {
    const reach = window.map((length, axis) => dilation[axis] * (length - 1));
    const height = Math.max(image[0], reach[0] + 1 - padding[0] - padding[1], 1);
    const width = Math.max(columns, reach[1] + 1 - padding[2] - padding[3], 1);
    const size = [height + padding[0] + padding[1] - reach[0], width + padding[2] + padding[3] - reach[1]];
    const images = Math.min(batch, Math.max(1, Math.floor(MOST_MACS / (size[0] * size[1] * window[0] * window[1] * few * others))));
    return {
      geometry: { strides: [1, 1], padding, dilation, groups: 1 } as const,
      images,
      image: [height, width],
      window,
      size,
      few,
      others,
      seed,
    };
  });
const toFew = planarCases.map(({ geometry, images, image, window, size, few, others, seed }): Case => ({
  geometry,
  x: [images, ...image, others],
  filter: [...window, others, few],
  y: [images, ...size, few],
  seed,
}));
const fromFew = planarCases.map(({ geometry, images, image, window, size, few, others, seed }): Case => ({
  geometry,
  x: [images, ...image, few],
  filter: [...window, few, others],
  y: [images, ...size, others],
  seed,
}));

describe('few filters or channels', () => {
  it('conv2d of integers', fuzz(forward(toFew, integers), exactly, RUNS), FUZZ_TIMEOUT);
  it('conv2d of infinities and NaN', fuzz(forward(toFew, someNotFinite), exactly, RUNS), FUZZ_TIMEOUT);
  it('conv2dInputGrad of integers', fuzz(inputGrad(fromFew, integers), exactly, RUNS), FUZZ_TIMEOUT);
  it('conv2dInputGrad of infinities and NaN', fuzz(inputGrad(fromFew, fewNotFinite), exactly, RUNS), FUZZ_TIMEOUT);

  it('conv2dInputGrad where padding cuts pixels off', () => {
    for (const padding of [
      [-1, 0, 0, 0],
      [0, 0, -2, 1],
      [-1, -1, -1, -1],
    ] as const) {
      const y: Shape = [2, 4 + padding[0] + padding[1], 6 + padding[2] + padding[3] - 3, 8];
      const cut = fc.constant({
        geometry: { strides: [1, 1], padding, dilation: [1, 1], groups: 1 } as const,
        x: [2, 4, 6, 2],
        filter: [1, 4, 2, 8],
        y,
        seed: 3,
      });
      fuzz(inputGrad(cut, integers), exactly, { quick: 1, full: 1 })();
    }
  });

  it(
    'in images that are cut into pieces',
    () => {
      const geometry = { strides: [1, 1], padding: [2, 2, 2, 2], dilation: [1, 1], groups: 1 } as const;
      for (const [x, filters] of [
        [[2, 28, 28, 1], 6],
        [[1, 150, 90, 5], 3],
        [[1, 1, 30_000, 2], 5],
      ] as const) {
        const large = fc.constant({ geometry, x, filter: [5, 5, x[3], filters], y: [...x.slice(0, 3), filters], seed: 9 });
        fuzz(forward(large, integers), exactly, { quick: 2, full: 8 })();
      }
    },
    FUZZ_TIMEOUT,
  );
});

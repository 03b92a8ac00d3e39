// Convolutions that Winograd's algorithm computes on every engine, and the choice of that algorithm.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend, Conv2dGeometry, Padding2d, Shape, Tensor, TypedArray, View } from '@sinapse/core';
import { conv2d, Parameter, makerOn, scope, sgdStep, specOf, writeAt } from '@sinapse/core';
import { cpu } from '../src/index.ts';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { winogradTile } from '../src/kernels/winograd.ts';
import type { Data, FuzzCall } from './fuzz.ts';
import { dataOf, fuzz, FUZZ_TIMEOUT, seeds } from './fuzz.ts';
import { conforming, FLOAT32 } from './tolerance.ts';

const PLAIN: Conv2dGeometry = { strides: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 };

describe('choosing tiles', () => {
  const of = (
    batch: number,
    height: number,
    width: number,
    terms: number,
    columns: number,
    geometry: Partial<Conv2dGeometry> = {},
  ): number => {
    const whole = { ...PLAIN, ...geometry };
    return winogradTile([3, 3], whole, { batch, size: [height, width], terms, columns, padding: whole.padding });
  };

  it('takes 4x4 for images, 2x2 for very small ones', () => {
    expect([of(32, 56, 56, 64, 64), of(128, 32, 32, 16, 16), of(128, 8, 8, 64, 64), of(1, 28, 28, 32, 64)]).toEqual([4, 4, 4, 4]);
    expect([of(128, 2, 2, 512, 512), of(64, 6, 6, 128, 128), of(1, 7, 7, 512, 512)]).toEqual([2, 2, 2]);
  });

  it('leaves what does not pay, and what the algorithm cannot do', () => {
    expect([of(128, 32, 32, 3, 16), of(1, 28, 28, 16, 16), of(1, 4, 4, 1024, 1024), of(128, 1, 1, 512, 512)]).toEqual([0, 0, 0, 0]);
    const others: Partial<Conv2dGeometry>[] = [
      { strides: [2, 2] },
      { strides: [1, 2] },
      { dilation: [2, 1] },
      { groups: 2 },
      { padding: [1, 1, 2, 1] },
      { padding: [1, 1, -1, 1] },
    ];
    expect(others.map((geometry) => of(32, 56, 56, 64, 64, geometry))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(winogradTile([3, 5], PLAIN, { batch: 32, size: [56, 56], terms: 64, columns: 64, padding: PLAIN.padding })).toBe(0);
  });
});

interface Case {
  readonly x: Shape;
  readonly filters: number;
  readonly padding: Padding2d;
  /** The tiles that the case tests. */
  readonly tile: 2 | 4;
}

/** Sizes that tiles, vectors and panels do not divide: a single block of tiles, with its products cut or not, and many blocks. */
const CASES: readonly Case[] = [
  { x: [6, 37, 33, 40], filters: 41, padding: [1, 1, 1, 1], tile: 4 },
  { x: [70, 10, 11, 35], filters: 36, padding: [0, 1, 1, 0], tile: 4 },
  { x: [1, 16, 15, 200], filters: 190, padding: [1, 1, 1, 1], tile: 4 },
  { x: [3, 13, 17, 310], filters: 290, padding: [1, 1, 1, 1], tile: 4 },
  { x: [1, 70, 61, 17], filters: 130, padding: [1, 0, 1, 1], tile: 4 },
  { x: [20, 6, 6, 111], filters: 120, padding: [1, 1, 1, 1], tile: 2 },
  { x: [250, 2, 3, 90], filters: 99, padding: [1, 1, 1, 0], tile: 2 },
];

/** Uniform in [-1, 1). */
const uniform = (shape: Shape, seed: number): Data => dataOf('float32', shape, seed, (word) => (word | 0) / 2 ** 31);
const calls = fc.constantFrom(...CASES);

const outputOf = ({ x, filters, padding }: Case): Shape => [
  x[0],
  x[1] + padding[0] + padding[1] - 2,
  x[2] + padding[2] + padding[3] - 2,
  filters,
];

/** @throws Error when a case is not computed with the tiles that it tests */
function expectTile({ tile, x, filters, padding }: Case, y: Shape): void {
  const chosen = winogradTile([3, 3], PLAIN, { batch: x[0], size: [y[1], y[2]], terms: x[3], columns: filters, padding });
  if (chosen !== tile) throw new Error(`tiles of ${chosen} were chosen for a case of ${tile}`);
}

const forward = fc
  .tuple(calls, seeds, fc.constantFrom('linear', 'relu', 'tanh'), fc.constantFrom('none', 'kept', 'donated'))
  .map(([each, seed, activation, residual]): FuzzCall => {
    const { x, filters, padding } = each;
    const y = outputOf(each);
    expectTile(each, y);
    return {
      kernel: 'conv2d',
      in: {
        x: uniform(x, seed),
        filter: uniform([3, 3, x[3], filters], seed + 1),
        bias: uniform([filters], seed + 2),
        ...(residual !== 'none' && { residual: uniform(y, seed + 3) }),
      },
      out: { y: { dtype: 'float32', shape: y } },
      attrs: { ...PLAIN, padding, activation, precision: FLOAT32 },
      scalars: { alpha: 0 },
      ...(residual === 'donated' && { over: { y: 'residual' } }),
    };
  });

/** The same sizes with the roles of x and y exchanged: the gradient is a convolution of dy. */
const inputGrad = fc.tuple(calls, seeds).map(([each, seed]): FuzzCall => {
  const { x, filters } = each;
  const padding = each.padding.map((width) => 2 - width) as unknown as Padding2d;
  const dx = outputOf(each);
  expectTile(each, dx);
  return {
    kernel: 'conv2dInputGrad',
    in: { dy: uniform(x, seed), filter: uniform([3, 3, filters, x[3]], seed + 1) },
    out: { dx: { dtype: 'float32', shape: dx } },
    attrs: { ...PLAIN, padding, inputShape: dx, precision: FLOAT32 },
  };
});

const oracle = fusedReference({ precision: 'float64' });

/** Σ|terms| of every result: the same convolution of magnitudes. */
function magnitudes({ kernel, in: inputs, out, attrs }: FuzzCall): number[] {
  const views = Object.entries(inputs).map(([name, slot]) => {
    const { shape, data } = slot as Data;
    const view = { ...specOf('float32', shape), storage: oracle.allocate(specOf('float32', shape)), offset: 0 };
    oracle.write(view, Float64Array.from(data, Math.abs));
    return [name, view] as const;
  });
  const [[name, slot]] = Object.entries(out);
  const spec = specOf('float32', (slot as Data).shape);
  const result: View = { ...spec, storage: oracle.allocate(spec), offset: 0 };
  const implementation = oracle.kernels[kernel] as (call: unknown) => void;
  implementation({
    in: Object.fromEntries(views),
    out: { [name]: result },
    attrs: { ...attrs, activation: 'linear' },
    scalars: { alpha: 0 },
  });
  const values = [...oracle.readSync!(result)];
  for (const view of [...views.map(([, each]) => each), result]) oracle.release(view.storage);
  return values;
}

/** The testkit's tolerance in units of u Σ|terms|, for sums in any order. */
const allowed = (terms: number): number => 2 + Math.min(terms, 4 * Math.sqrt(terms) + terms / 16);
/**
 * Bound of the root mean square of the errors in these units. It is 0.4 for direct sums, at most 1.3 for F(4x4), and 1.9 with the points of Lavin and
 * Gray.
 */
const MEAN = 1.5;

const closely = (actual: TypedArray, expected: TypedArray, what: string, call: FuzzCall): void => {
  const sizes = magnitudes(call);
  const units = sizes.map((size, i) => Math.abs(actual[i] - expected[i]) / (2 ** -24 * size));
  const terms = 9 * (call.kernel === 'conv2d' ? (call.in['x'] as Data) : (call.in['dy'] as Data)).shape[3];
  const wrong = units.findIndex((unit) => !(unit <= allowed(terms)));
  if (wrong >= 0) expect.fail(`${what}, element ${wrong}: ${actual[wrong]}, expected ${expected[wrong]}, terms ${sizes[wrong]}`);
  expect(Math.sqrt(units.reduce((sum, unit) => sum + unit ** 2, 0) / units.length)).toBeLessThan(MEAN);
};

it('conv2d by tiles', fuzz(forward, closely, { quick: 4, full: 60 }), FUZZ_TIMEOUT);
it('conv2dInputGrad by tiles', fuzz(inputGrad, closely, { quick: 4, full: 60 }), FUZZ_TIMEOUT);

/** Values that no other pixel's results may feel. */
const OUTLIERS = [1e3, -1e4, 1e6, 1e30, Infinity, -Infinity, NaN];

/** A call with a few values of one of its inputs replaced by an outlier. */
const withOutliers = (calls: fc.Arbitrary<FuzzCall>): fc.Arbitrary<FuzzCall> =>
  fc
    .tuple(
      calls,
      fc.constantFrom('image', 'image', 'filter'),
      fc.constantFrom(...OUTLIERS),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 1, maxLength: 4 }),
    )
    .map(([call, where, value, places]) => {
      const name = where === 'filter' ? 'filter' : call.kernel === 'conv2d' ? 'x' : 'dy';
      const input = call.in[name] as Data;
      const data = input.data.slice();
      for (const place of places) data[Math.floor(place * data.length)] = value;
      return { ...call, in: { ...call.in, [name]: { ...input, data } } };
    });

/** Regions of another size each, whose borders run through tiles: 1, 10^5, 0 or 10^-6. */
const withRegions = (calls: fc.Arbitrary<FuzzCall>): fc.Arbitrary<FuzzCall> =>
  fc.tuple(calls, fc.integer({ min: 3, max: 7 })).map(([call, side]) => {
    const name = call.kernel === 'conv2d' ? 'x' : 'dy';
    const input = call.in[name] as Data;
    const [, height, width, channels] = input.shape;
    const sizes = [1, 1e5, 1, 0, 1, 1e-6];
    const data = input.data.map((value, i) => {
      const pixel = Math.floor(i / channels);
      const region = Math.floor((pixel % width) / side) + 2 * Math.floor((Math.floor(pixel / width) % height) / side);
      return value * sizes[region % sizes.length];
    });
    return { ...call, in: { ...call.in, [name]: { ...input, data } } };
  });

describe('values that are too unlike for tiles give what a direct sum gives', () => {
  const RUNS = { quick: 6, full: 100 };
  it('conv2d with outliers', fuzz(withOutliers(forward), conforming, RUNS), FUZZ_TIMEOUT);
  it('conv2dInputGrad with outliers', fuzz(withOutliers(inputGrad), conforming, RUNS), FUZZ_TIMEOUT);
  it('conv2d of regions', fuzz(withRegions(forward), conforming, { quick: 2, full: 40 }), FUZZ_TIMEOUT);
  it('conv2dInputGrad of regions', fuzz(withRegions(inputGrad), conforming, { quick: 2, full: 40 }), FUZZ_TIMEOUT);
});

/** As small as a convolution that is computed by tiles can be. */
const STEPPED: Case = { x: [4, 32, 32, 48], filters: 40, padding: [1, 1, 1, 1], tile: 4 };

for (const engine of ['native', 'wasm'] as const) {
  const backend = await cpu({ engine, threads: 2 }).catch((error: unknown) => String(error));
  const reason = typeof backend === 'string' ? backend : '';

  it.skipIf(reason)(
    `a filter that an optimizer has stepped in place is transformed again (needs the engine ${engine}) ${reason}`,
    async () => {
      const on = backend as Backend;
      const shape = [3, 3, STEPPED.x[3], STEPPED.filters];
      const y = outputOf(STEPPED);
      expectTile(STEPPED, y);
      const [x, start, gradient] = [uniform(STEPPED.x, 1), uniform(shape, 2), uniform(shape, 3)];
      const tensorOn = (device: Backend, { shape: own, data }: Data): Tensor => writeAt(makerOn(device), specOf('float32', own), data);
      const convolved = (images: Tensor, filter: Tensor): TypedArray => conv2d(images, filter, { padding: 'same' }).dataSync();

      scope(() => {
        const images = tensorOn(on, x);
        // In its own scope, so that only the parameter holds its value.
        const filter = scope(() => new Parameter(tensorOn(on, start)));
        const { storage } = filter.tensor;
        const before = convolved(images, filter.tensor);
        expect(convolved(images, filter.tensor)).toEqual(before);

        const scalars = { learningRate: 0.5, momentum: 0, weightDecay: 0 };
        filter.assign(sgdStep({ param: [filter.tensor], grad: [tensorOn(on, gradient)] }, { nesterov: false }, scalars).param[0]);
        expect(filter.tensor.storage, 'stepped in place').toBe(storage);
        const stepped = { ...start, data: filter.tensor.dataSync() };
        const after = convolved(images, filter.tensor);
        const expected = convolved(tensorOn(oracle, x), tensorOn(oracle, stepped));
        closely(after, expected, engine, {
          kernel: 'conv2d',
          in: { x, filter: stepped },
          out: { y: { dtype: 'float32', shape: y } },
          attrs: { ...PLAIN, precision: FLOAT32 },
        });
        expect(after).not.toEqual(before);

        // Another filter in the same memory: what was kept with the old one is gone.
        filter.dispose();
        expect(convolved(images, tensorOn(on, start))).toEqual(before);
      });
      await on.close();
    },
  );
}

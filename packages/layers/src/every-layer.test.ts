// What holds for every layer, with random options and shapes. A new layer needs a case in cases/ only.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Backend, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, meta, parametersOf, randomKey, randomNormal, scope, use, walk, withBackend, zeros } from '@sinapse/core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allLayers } from './all-layers.ts';
import { Draws, layerCases } from './cases/index.ts';
import type { LayerCase, LayerExample } from './cases/index.ts';
import type { Layer } from './layer.ts';
import { sequential } from './sequential.ts';
import { summary } from './summary.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const DRAWS = full ? 20 : 2;
/** How many elements of each input and parameter are differentiated one by one, and along a random direction through all at once; to a relative 1e-6. */
const ELEMENTS = full ? 50 : 16;
const BATCH = 3;

const float64 = reference({ precision: 'float64' });
let native: Backend;
beforeAll(async () => void (native = await cpu()));
beforeEach(() => void use(float64));

const drawn = (of: LayerCase, seed: number): LayerExample => of.draw(new Draws(randomKey(seed).fold(of.name)));

/** `build` and `call` may be given too little, as from JavaScript. */
type Loose = Layer & { build(...values: readonly unknown[]): unknown; call(...values: readonly unknown[]): Tensor };

const batchOf = ({ inputShape, batch = (shape, seed) => randomNormal(shape, { seed }) }: LayerExample): Tensor =>
  batch([BATCH, ...inputShape], 3);

const contextOf = (training: boolean): Context => new Context({ training, seed: 1 });

/** They take several tensors: the cases of `branches` run them, and merge.test.ts has their mistakes. */
const MERGES = ['add', 'average', 'concatenate', 'maximum', 'multiply'];

test('every layer of allLayers has a case, and every case a layer', () => {
  expect([...new Set(layerCases.map(({ layer }) => layer)), ...MERGES].sort()).toEqual(Object.keys(allLayers).sort());
  expect(new Set(layerCases.map(({ name }) => name)).size).toBe(layerCases.length);
});

/** The gradients of every second example are those of training, of the others those of prediction. */
const examples = layerCases.flatMap((of) =>
  Array.from({ length: DRAWS }, (_, seed): [string, () => LayerExample, boolean] => [
    `${of.name} (draw ${seed})`,
    () => drawn(of, seed),
    seed % 2 === 0,
  ]),
);

describe.each(examples)('%s', (_, make, training) => {
  test.each([false, true])('gives the shape that build announced; in training: %o', (inTraining) => {
    const example = make();
    const { layer, inputShape, outputShape } = example;
    expect(layer.build(inputShape, 2)).toEqual(outputShape);
    expect(layer.call(batchOf(example), contextOf(inTraining)).shape).toEqual([BATCH, ...outputShape]);
  });

  test('has the gradients of first and second order that differences say', async () => {
    const example = make();
    const { layer, inputShape } = example;
    layer.build(inputShape, 2);
    const x = batchOf(example);
    const cells = parametersOf(layer).map(({ cell }) => cell);
    const context = contextOf(training);
    const options = { second: true, elements: ELEMENTS };
    if (x.dtype === 'float32') await checkGradients((input) => layer.call(input, context), [x, ...cells], options);
    else await checkGradients(() => layer.call(x, context), cells, options);
  });

  test.each([false, true])('computes in float32 what it does in float64; in training: %o', (inTraining) => {
    const run = (backend: Backend): readonly number[] =>
      withBackend(backend, () =>
        scope(() => {
          const example = make();
          example.layer.build(example.inputShape, 2);
          return [...example.layer.call(batchOf(example), contextOf(inTraining)).dataSync()]; // both draw the same float32 values
        }),
      );
    const [expected, actual] = [run(float64), run(native)];
    // The longest chain of a case has about ten ops and sums of a hundred terms, each of which may add a rounding of 2^-24 of the largest value.
    const allowed = 256 * 2 ** -24 * Math.max(1, ...expected.map(Math.abs));
    expected.forEach((value, i) => expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThan(allowed));
  });

  test('is summarised, and its parts are counted', () => {
    const { layer, inputShape, outputShape } = make();
    layer.build(inputShape, 2);
    const { trainable, nonTrainable, layers, ...shapes } = summary(layer, inputShape);
    expect([shapes.inputShape, shapes.outputShape]).toEqual([inputShape, outputShape]);
    const cells = walk(layer);
    expect(trainable + nonTrainable).toBe(cells.reduce((total, { cell }) => total + cell.size, 0));
    expect(layers.reduce((total, { parameters }) => total + parameters, 0)).toBe(trainable + nonTrainable);
  });

  test('is built and called on meta, where there are no values', () => {
    withBackend(meta(), () => {
      const example = make();
      expect(example.layer.build(example.inputShape, 2)).toEqual(example.outputShape);
      expect(example.layer.call(batchOf(example), contextOf(true)).shape).toEqual([BATCH, ...example.outputShape]);
    });
  });

  test('says the call that makes it, as data', () => {
    const { layer } = make();
    const call = layer.describe!();
    expect(call.layer).toBe(layer.type);
    expect(Object.hasOwn(allLayers, call.layer)).toBe(true);
  });

  test('predicts without a context, and is built from seed 0 without a seed', () => {
    const [plain, seeded] = [make(), make()];
    (plain.layer as Loose).build(plain.inputShape);
    seeded.layer.build(seeded.inputShape, 0);
    const x = batchOf(plain);
    expect([...(plain.layer as Loose).call(x).dataSync()]).toEqual([...seeded.layer.call(x, new Context()).dataSync()]);
  });
});

const first = layerCases.filter(({ layer }, i) => layerCases.findIndex((other) => other.layer === layer) === i);

describe.each(first.map((of): [string, LayerCase] => [of.layer, of]))('%s', (type, of) => {
  test.each([undefined, null, 784, '784', {}, [784.5], [[28]], () => 784])('build(%o)', (shape) => {
    const build = (): unknown => (drawn(of, 0).layer as Loose).build(shape, 1);
    expect(build).toThrow(SinapseError);
    expect(build).toThrow(`${type}: build: inputShape: expected the shape of one example, e.g. [28, 28, 1], got`);
  });

  test.each([undefined, null, 1, 'x', {}, [[1, 2]], Float32Array.of(1)])('call(%o)', (x) => {
    const { layer, inputShape } = drawn(of, 0);
    layer.build(inputShape, 0);
    expect(() => (layer as Loose).call(x)).toThrow(SinapseError);
    expect(() => (layer as Loose).call(x)).toThrow(`${type}: call: expected a tensor [batch, …], got`);
  });
});

describe('what does not fit is refused in one line with the path of the layer', () => {
  const SHAPES: readonly Shape[] = [[], [0], [1], [3], [2, 3], [0, 3], [2, 2, 2], [5, 0, 3], [1, 1, 1, 1], [2, 2, 2, 2, 2]]; // prettier-ignore
  const DTYPES = ['int32', 'uint8', 'bool'] as const;

  /** What is wrong with what a call throws: it must be a SinapseError of one line that begins with the path. None if it works. */
  const faults = (what: string, run: () => unknown): string[] => {
    try {
      scope(() => void run());
      return [];
    } catch (error) {
      const { message } = error as Error;
      return error instanceof SinapseError && /^it[/:] ?[^\n]+$/.test(message) ? [] : [`${what}: ${message}`];
    }
  };

  test.each(first.map((of): [string, LayerCase] => [of.layer, of]))('%s', (_, of) => {
    const found = SHAPES.flatMap((shape) =>
      faults(`build(${JSON.stringify(shape)})`, () => sequential([['it', drawn(of, 0).layer]]).build(shape)),
    );
    const { layer, inputShape } = drawn(of, 0);
    const model = sequential([['it', layer]]);
    model.build(inputShape);
    const others = [inputShape.map((length) => length + 1), [...inputShape, 2], inputShape.slice(1)];
    const batches = [...SHAPES, ...others].map((shape) => [2, ...shape]);
    for (const shape of [...batches, [], [0, ...inputShape]])
      for (const training of [false, true])
        found.push(...faults(`call(${JSON.stringify(shape)})`, () => model.call(zeros(shape), contextOf(training))));
    for (const dtype of DTYPES)
      found.push(...faults(`call(${dtype})`, () => model.call(zeros([2, ...inputShape], dtype), contextOf(true))));
    expect(found).toEqual([]);
  });
});

import type { Seed, Shape, Tensor } from '@sinapse/core';
import { Context, add, hostUniform, mul, parametersOf, randomKey, sizeOf, tensor, use, zeros } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Layer } from '@sinapse/layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { ConnectedMaps } from './connected-maps.ts';
import { CODE_LENGTH, digitCodes } from './digit-codes.ts';
import { ImageInput } from './image-input.ts';
import { lenet5MapLoss, lenet5MseLoss } from './losses.ts';
import { CONNECTIONS } from './original.ts';
import { RbfOutput } from './rbf-output.ts';
import { squash } from './squash.ts';
import { Subsampling } from './subsampling.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const context = new Context();
const random = (shape: Shape, seed: Seed) => tensor(hostUniform(randomKey(seed), sizeOf(shape), -1, 1), { shape });
const f = (a: number) => 1.7159 * Math.tanh((2 / 3) * a);

/** Compares first and second derivatives by every parameter and the input with central differences in float64. */
async function checkLayer(layer: Layer, inputShape: Shape): Promise<void> {
  layer.build(inputShape, 3);
  const cells = parametersOf(layer).map(({ cell }) => cell);
  for (const cell of cells) cell.assign(random(cell.shape, 17)); // biases must not be 0, either
  await checkGradients((x) => layer.call(x, context), [random([2, ...inputShape], 4), ...cells], { second: true });
}

describe('the squashing function', () => {
  test('is odd, passes through (1, 1), and tends to 1.7159', () => {
    const y = squash(tensor([1, -1, 0, 100])).dataSync();
    [1, -1, 0, 1.7159].forEach((expected, i) => expect(y[i]).toBeCloseTo(expected, 4));
  });
});

describe('the input', () => {
  const greys = { background: -0.1, ink: 1.175 };

  test('is padded with background and scaled to -0.1 … 1.175', () => {
    const y = new ImageInput(4, greys).call(tensor([1, 0.5, 0, 1]).reshape([1, 2, 2, 1]), context);
    const [background, grey, ink] = [-0.1, 0.5375, 1.175];
    const row = [background, background, background, background];
    const expected = [...row, background, ink, grey, background, background, background, ink, background, ...row];
    y.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    expect(y.shape).toEqual([1, 4, 4, 1]);
    expect(() => new ImageInput(32, greys).build([34, 34, 1])).toThrow(
      'imageInput: input must be [batch, height, width, channels] of at most 32 by 32',
    );
    expect(() => new ImageInput(32, greys).build([27, 28, 1])).toThrow('imageInput');
  });
});

describe('sub-sampling', () => {
  test('squashes coefficient times the sum of four pixels plus bias', () => {
    const layer = new Subsampling();
    expect(layer.build([2, 2, 2], 1)).toEqual([1, 1, 2]);
    expect(Math.max(...layer.coefficient!.tensor.dataSync().map(Math.abs))).toBeLessThanOrEqual(0.6);
    layer.coefficient!.assign(tensor([0.5, -1]));
    layer.bias!.assign(tensor([0.25, 1]));
    const y = layer.call(tensor([1, 10, 2, 20, 3, 30, -4, 40]).reshape([1, 2, 2, 2]), context).dataSync();
    expect(y[0]).toBeCloseTo(f(0.5 * 2 + 0.25), 12);
    expect(y[1]).toBeCloseTo(f(-100 + 1), 12);
  });

  test('has the gradients of its formula', () => checkLayer(new Subsampling(), [4, 4, 3]));
});

describe('the connected maps of C3', () => {
  // Table I of the paper, row by row: for each map of S2, the maps of C3 that use it.
  const table = [
    [0, 4, 5, 6, 9, 10, 11, 12, 14, 15],
    [0, 1, 5, 6, 7, 10, 11, 12, 13, 15],
    [0, 1, 2, 6, 7, 8, 11, 13, 14, 15],
    [1, 2, 3, 6, 7, 8, 9, 12, 14, 15],
    [2, 3, 4, 7, 8, 9, 10, 12, 13, 15],
    [3, 4, 5, 8, 9, 10, 11, 13, 14, 15],
  ];

  test.each(table.map((outputs, input) => [input, outputs] as const))('map %d of S2 reaches maps %j, and no other', (input, outputs) => {
    const layer = new ConnectedMaps(CONNECTIONS, 6);
    layer.build([5, 5, 6], 1);
    layer.kernel!.assign(add(zeros([5, 5, 60]), 0.01));
    const x = tensor(Float32Array.from({ length: 150 }, (_, i) => (i % 6 === input ? 1 : 0)), { shape: [1, 5, 5, 6] }); // prettier-ignore
    const y = [...layer.call(x, context).dataSync()];
    expect(y.flatMap((value, map) => (value === 0 ? [] : [map]))).toEqual(outputs);
    for (const map of outputs) expect(y[map]).toBeCloseTo(f(0.25), 6);
  });

  test('each connection has a filter of its own', () => {
    const layer = new ConnectedMaps(CONNECTIONS, 6);
    layer.build([5, 5, 6], 1);
    const kernel = layer.kernel!.tensor.dataSync();
    // Connections 0 to 2 belong to output map 0, with input maps 0, 1 and 2; the last six belong to output map 15. Their bounds are 2.4 /
    // 75 and 2.4 / 150.
    const x = random([1, 5, 5, 6], 8);
    const values = x.dataSync();
    const y = layer.call(x, context).dataSync();
    const product = (from: number, inputs: number[]) =>
      Array.from({ length: 25 }, (_, tap) =>
        inputs.reduce((sum, input, i) => sum + values[tap * 6 + input]! * kernel[tap * 60 + from + i]!, 0),
      ).reduce((a, b) => a + b, 0);
    expect(y[0]).toBeCloseTo(f(product(0, [0, 1, 2])), 12);
    expect(y[15]).toBeCloseTo(f(product(54, [0, 1, 2, 3, 4, 5])), 12);
    const largest = (from: number, count: number) =>
      Math.max(...kernel.filter((_, i) => i % 60 >= from && i % 60 < from + count).map(Math.abs));
    expect(largest(0, 18)).toBeLessThanOrEqual(2.4 / 75);
    expect(largest(0, 18)).toBeGreaterThan(2.4 / 100);
    expect(largest(54, 6)).toBeLessThanOrEqual(2.4 / 150);
  });

  test('have the gradients of their formula', () => checkLayer(new ConnectedMaps(CONNECTIONS, 6), [6, 6, 6]));
});

describe('the output', () => {
  test('the codes are ten different bitmaps of 7 by 12', () => {
    expect(digitCodes).toHaveLength(10);
    for (const code of digitCodes) {
      expect(code).toHaveLength(CODE_LENGTH);
      expect(code.every((value) => value === 1 || value === -1)).toBe(true);
      expect(code.slice(70).every((value) => value === -1)).toBe(true); // the two rows below the base line are empty
    }
    const differing = digitCodes.flatMap((a, i) => digitCodes.slice(0, i).map((b) => a.filter((value, k) => value !== b[k]).length));
    expect(Math.min(...differing)).toBeGreaterThanOrEqual(4);
    const one = [...digitCodes[1]!].map((value) => (value > 0 ? '#' : '.')).join('').match(/.{7}/g); // prettier-ignore
    expect(one).toEqual([
      '...##..',
      '..###..',
      '.####..',
      '...##..',
      '...##..',
      '...##..',
      '...##..',
      '...##..',
      '...##..',
      '.######',
      '.......',
      '.......',
    ]);
  });

  test('scores are negated squared distances: 0 at the code itself', () => {
    const layer = new RbfOutput(10);
    expect(layer.build([84], 1)).toEqual([10]);
    const x = tensor(digitCodes[3]!, { shape: [1, 84] });
    const scores = [...layer.call(x, context).dataSync()];
    const distances = digitCodes.map((code) => code.reduce((sum, value, i) => sum + (value - digitCodes[3]![i]!) ** 2, 0));
    expect(scores).toEqual(distances.map((distance) => -distance));
    expect(scores.indexOf(Math.max(...scores))).toBe(3);
    expect(layer.codes!.trainable).toBe(false);
    expect(() => layer.build([85], 1)).toThrow('rbfOutput: each example must be [84], got [85]');
  });

  test('has the gradients of its formula', () => checkLayer(new RbfOutput(4), [84]));
});

describe('the losses', () => {
  const distances = [
    [3, 8, 20],
    [12, 1, 0.5],
  ];
  const scores = () => mul(tensor(distances), -1);
  const labels = () => tensor([0, 1], { dtype: 'int32' });
  const value = (loss: Tensor) => {
    expect(loss.shape).toEqual([]);
    return loss.dataSync()[0]!;
  };

  test.each([1, 10])('lenet5MapLoss is eq. 9, with j = %d', (j) => {
    const expected = distances.map((y, i) => y[i]! + Math.log(Math.exp(-j) + y.reduce((sum, distance) => sum + Math.exp(-distance), 0)));
    expect(value(lenet5MapLoss(scores(), labels(), { j }))).toBeCloseTo((expected[0]! + expected[1]!) / 2, 12);
  });

  test('lenet5MseLoss is eq. 8', () => {
    expect(value(lenet5MseLoss(scores(), labels()))).toBeCloseTo((3 + 1) / 2, 12);
  });

  test('refuse what cannot be', () => {
    expect(() => lenet5MapLoss(scores(), labels(), { j: 0 })).toThrow('lenet5MapLoss: j: expected a finite number > 0, got 0');
  });
});

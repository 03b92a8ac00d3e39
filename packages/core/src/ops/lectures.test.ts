// Numbers worked by hand in the lectures that the project comes from (recomputed; the slides' misprints are noted where they matter).

import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { tensor } from '../tensor/creation.ts';
import type { NestedArray } from '../tensor/nested.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { conv2d } from './conv2d.ts';
import { maxPool2d } from './pool2d.ts';
import { flip } from './slice.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';
import { stack } from './concat.ts';

beforeAll(() => void use(reference()));

type Matrix = number[][];

/** A matrix as an image of one channel in a batch of one. */
const image = (rows: Matrix): Tensor => tensor(rows).reshape([1, rows.length, rows[0]!.length, 1]);
const filter = (rows: Matrix): Tensor => tensor(rows).reshape([rows.length, rows[0]!.length, 1, 1]);
const plane = async (y: Tensor): Promise<NestedArray> => y.reshape([y.shape[1]!, y.shape[2]!]).array();

describe('softmax', () => {
  test.each([
    [[3.0, 1.0, 0.2], [0.8360188, 0.11314284, 0.05083836], 7],
    [[-0.8, 2, 6, -2.7, 0.8], [0.0011, 0.0179, 0.9755, 0.0002, 0.0054], 4],
    [[5, 4, 2], [0.71, 0.26, 0.04], 2],
    [[4, 2, 8], [0.02, 0.0, 0.98], 2],
    [[4, 4, 1], [0.49, 0.49, 0.02], 2],
  ])('of %j', async (scores, expected, decimals) => {
    const probabilities = await tensor(scores).softmax().data();
    expected.forEach((p, i) => expect(Math.abs(probabilities[i]! - p)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-7));
  });
});

describe('cross-entropy: the lecture takes logarithms of base 10, we natural ones', () => {
  test.each([
    [0.72, 0.14267],
    [0.52, 0.284],
    [0.3, 0.5229],
  ])('class 4 of 5 predicted with probability %d', async (p, base10) => {
    const rest = (1 - p) / 4;
    const logits = tensor([[rest, rest, rest, p, rest]]).log();
    const loss = await softmaxCrossEntropy(logits, tensor([3], { dtype: 'int32' })).data();
    expect(Math.abs(loss[0]! / Math.LN10 - base10)).toBeLessThan(5e-5);
  });

  test.each([
    [0, 0.2, 0.09691],
    [1, 0.92, 0.03621],
    [0, 0.65, 0.45593],
  ])('binary, y = %d and p = %d', async (y, p, base10) => {
    const logits = tensor([[1 - p, p]]).log();
    const loss = await softmaxCrossEntropy(logits, tensor([y], { dtype: 'int32' })).data();
    expect(Math.abs(loss[0]! / Math.LN10 - base10)).toBeLessThan(5e-6);
  });
});

test('max pooling 2x2, stride 2', async () => {
  const x = image([
    [1, 3, 2, 1],
    [2, 9, 1, 1],
    [1, 3, 2, 3],
    [5, 6, 1, 2],
  ]);
  expect(await plane(maxPool2d(x))).toEqual([
    [9, 2],
    [6, 3],
  ]);
});

describe('convolution', () => {
  test('sharpening, valid', async () => {
    const x = image([
      [7, 6, 5, 5, 6, 7],
      [6, 4, 3, 3, 4, 6],
      [5, 3, 2, 2, 3, 5],
      [5, 3, 2, 2, 3, 5],
      [6, 4, 3, 3, 4, 6],
      [7, 6, 5, 5, 6, 7],
    ]);
    const sharpen = filter([
      [0, -1, 0],
      [-1, 5, -1],
      [0, -1, 0],
    ]);
    expect(await plane(conv2d(x, sharpen))).toEqual([
      [2, 1, 1, 2],
      [1, 0, 0, 1],
      [1, 0, 0, 1],
      [2, 1, 1, 2],
    ]);
  });

  test('stride 2, valid', async () => {
    const x = image([
      [2, 3, 7, 4, 6, 2, 9],
      [6, 6, 9, 8, 7, 4, 3],
      [3, 4, 8, 3, 8, 9, 7],
      [7, 8, 3, 6, 6, 3, 4],
      [4, 2, 1, 8, 3, 4, 6],
      [3, 2, 4, 1, 9, 8, 3],
      [0, 1, 3, 9, 2, 1, 4],
    ]);
    const w = filter([
      [3, 4, 4],
      [1, 0, 2],
      [-1, 0, 3],
    ]);
    expect(await plane(conv2d(x, w, { strides: 2 }))).toEqual([
      [91, 100, 88],
      [69, 91, 117],
      [44, 72, 74],
    ]);
  });

  test('padding 1, stride 1', async () => {
    const x = image([
      [2, 2, 3, 3, 3],
      [0, 1, 3, 0, 3],
      [2, 3, 0, 1, 3],
      [3, 3, 2, 1, 2],
      [3, 3, 0, 2, 3],
    ]);
    const w = filter([
      [2, 0, 1],
      [1, 0, 0],
      [0, 1, 1],
    ]);
    expect(await plane(conv2d(x, w, { padding: 1 }))).toEqual([
      [1, 6, 5, 6, 6],
      [7, 10, 9, 16, 9],
      [7, 10, 8, 12, 3],
      [9, 10, 12, 10, 6],
      [3, 11, 10, 6, 4],
    ]);
  });

  // Three channels, two filters. The lecture flips the filter here (a true convolution); conv2d does not, so the filter is flipped first.
  // The slides misprint two partial sums: x1*w0 row 1 column 5 is 21, x0*w0 row 5 column 2 is 13.
  const channels: Matrix[] = [
    [
      [6, 3, 4, 6, 2],
      [7, 4, 4, 6, 1],
      [2, 6, 2, 2, 7],
      [4, 3, 7, 7, 2],
      [5, 4, 1, 7, 3],
    ],
    [
      [5, 5, 1, 7, 3],
      [4, 0, 3, 1, 5],
      [4, 3, 0, 0, 2],
      [2, 6, 1, 7, 3],
      [3, 7, 6, 5, 5],
    ],
    [
      [6, 5, 2, 3, 6],
      [3, 7, 0, 2, 4],
      [2, 6, 4, 0, 6],
      [1, 3, 0, 3, 5],
      [1, 1, 0, 1, 4],
    ],
  ];
  const w0: Matrix[] = [
    [
      [-1, 1, 1],
      [1, 1, 2],
      [0, -2, 1],
    ],
    [
      [-1, 1, -1],
      [-1, 1, 2],
      [-1, -1, 1],
    ],
    [
      [-1, -1, 1],
      [1, -2, 2],
      [2, -1, 2],
    ],
  ];
  const w1: Matrix[] = [
    [
      [-1, -2, 1],
      [1, 1, 2],
      [-2, 2, 2],
    ],
    [
      [-2, -2, -2],
      [-2, 1, 0],
      [0, -2, 0],
    ],
    [
      [0, -2, 0],
      [2, -1, -1],
      [-2, 1, -2],
    ],
  ];
  const expected = [
    [
      [0, 34, 39, 23, 35],
      [-12, 27, 48, 7, 28],
      [-2, 20, 28, 28, 5],
      [-1, 27, 41, 39, 17],
      [-6, 15, 34, 18, 35],
    ],
    [
      [-24, -18, -16, -7, -8],
      [-10, -43, -12, -12, -6],
      [-26, -3, -60, -10, -16],
      [-60, -20, -27, -45, 4],
      [-8, -3, 5, 17, 28],
    ],
  ];

  test('three channels, padding 1, two filters with bias, as a true convolution', async () => {
    const x = stack(
      channels.map((rows) => tensor(rows)),
      2,
    ).reshape([1, 5, 5, 3]);
    const filters = stack(
      [w0, w1].map((w) =>
        stack(
          w.map((rows) => tensor(rows)),
          2,
        ),
      ),
      3,
    ); // [3, 3, 3, 2]
    const y = conv2d(x, flip(filters, [0, 1]), { padding: 1, bias: tensor([1, 0]) });
    for (const f of [0, 1]) expect(await plane(y.slice([null, null, null, { begin: f, end: f + 1 }]))).toEqual(expected[f]);
  });

  test('without flipping the same numbers give another result', async () => {
    const x = image(channels[0]!);
    expect(await plane(conv2d(x, filter(w0[0]!), { padding: 1 }))).not.toEqual(
      await plane(conv2d(x, flip(filter(w0[0]!), [0, 1]), { padding: 1 })),
    );
  });
});

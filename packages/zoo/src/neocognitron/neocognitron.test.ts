import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { Context, SinapseError, parametersOf, scope, tensor, use, valueAndGrad, zeros } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { lenet1 } from '../lenet1.ts';
import { CLayer } from './c-layer.ts';
import { neocognitron, neocognitronLearn } from './neocognitron.ts';
import { representatives } from './representatives.ts';
import { SLayer } from './s-layer.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

/** Numbers from 0 to 1 that look random. */
const numbers = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (Math.sin(12.9898 * (i + 1)) * 43_758.5453) % 1).map(Math.abs);

describe('an S-layer', () => {
  /** One position of a layer of two planes that sees a window of 5 by 5 by 3. */
  function oneCell(): { layer: SLayer; x: number[]; a: Float64Array; c: number[] } {
    const layer = new SLayer({ planes: 2, inhibition: 1.5, speed: 16, padding: 0 });
    expect(layer.build([5, 5, 3], 1)).toEqual([1, 1, 2]);
    layer.inhibition!.assign(tensor([0.25, 4]));
    const distances = Array.from({ length: 25 }, (_, i) => 0.8 ** Math.hypot(Math.floor(i / 5) - 2, (i % 5) - 2));
    const total = 3 * distances.reduce((sum, weight) => sum + weight, 0);
    const a = Float64Array.from(numbers(150));
    layer.excitation!.assign(tensor(Float32Array.from(a), { shape: [5, 5, 3, 2] }));
    return { layer, x: numbers(75), a: Float64Array.from(Float32Array.from(a)), c: distances.map((weight) => weight / total) };
  }

  test('is excited by its feature, and inhibited by all that it sees', () => {
    const { layer, x, a, c } = oneCell();
    const seen = tensor(Float32Array.from(x), { shape: [1, 5, 5, 3] });
    const values = Float32Array.from(x);
    const v = Math.sqrt(values.reduce((sum, value, i) => sum + c[Math.floor(i / 3)]! * value ** 2, 0));
    expect(layer.activity(seen).dataSync()[0]).toBeCloseTo(v, 6);
    const expected = [0.25, 4].map((b, plane) => {
      const excited = 1 + values.reduce((sum, value, i) => sum + a[2 * i + plane]! * value, 0);
      return 1.5 * Math.max(0, excited / (1 + 2 * 1.5 / 2.5 * b * v) - 1); // prettier-ignore
    });
    expect(Math.min(...expected)).toBeGreaterThan(0);
    [...layer.call(seen).dataSync()].forEach((answer, i) => expect(answer).toBeCloseTo(expected[i]!, 5));
  });

  test('answers 0 where there is nothing, with finite gradients', () => {
    const { layer } = oneCell();
    const cells = parametersOf({ call: (x: Tensor) => x, children: () => layer.children() }).map(({ cell }) => cell);
    const { value, gradients } = scope(() => valueAndGrad(() => layer.call(zeros([1, 5, 5, 3])).sum(), cells));
    expect(value.dataSync()[0]).toBe(0);
    for (const gradient of gradients) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });
});

test('a C-layer saturates, and its planes inhibit each other', () => {
  const layer = new CLayer({ window: [2, 2], strides: 1, padding: [0, 0] });
  const x = tensor([1, 0, 2, 0.5, 0, 0.25, 0, 0], { shape: [1, 2, 2, 2] });
  const weight = 0.8 ** Math.SQRT1_2; // each cell is √½ from the middle
  const sums = [3 * weight, 0.75 * weight];
  const mean = (sums[0]! + sums[1]!) / 2;
  const expected = sums.map((sum) => Math.max(0, (1 + sum) / (1 + mean) - 1)).map((answer) => answer / (answer + 0.5));
  [...layer.call(x).dataSync()].forEach((answer, i) => expect(answer).toBeCloseTo(expected[i]!, 6));
  expect(expected[1]).toBe(0);
});

describe('representatives', () => {
  /** Answers by row, column and plane. */
  const at = (cells: readonly [number, number, number, number][], [, width, planes]: readonly [number, number, number]): number[] => {
    const answers = Array.from({ length: 6 * 6 * 3 }, () => 0);
    for (const [row, column, plane, answer] of cells) answers[(row * width + column) * planes + plane] = answer;
    return answers;
  };
  const shape = [6, 6, 3] as const;

  test.each<[string, [number, number, number, number][], { plane: number; row: number; column: number }[]]>([
    ['nothing answers', [], []],
    ['one answers', [[1, 4, 2, 0.1]], [{ plane: 2, row: 1, column: 4 }]],
    [
      'the largest of a column wins over other planes',
      [
        [0, 0, 0, 0.5],
        [0, 1, 1, 0.75],
      ],
      [{ plane: 1, row: 0, column: 1 }],
    ],
    [
      'columns far apart have their own candidates',
      [
        [0, 0, 0, 0.5],
        [5, 5, 1, 0.75],
      ],
      [
        { plane: 0, row: 0, column: 0 },
        { plane: 1, row: 5, column: 5 },
      ],
    ],
    [
      'of a plane with two candidates the larger one learns',
      [
        [0, 0, 2, 0.5],
        [5, 5, 2, 0.75],
      ],
      [{ plane: 2, row: 5, column: 5 }],
    ],
  ])('%s', (_, cells, expected) => {
    expect(representatives(at(cells, shape), shape, 3).sort((a, b) => a.plane - b.plane)).toEqual(expected);
  });

  test('a column may be larger than the layer', () => {
    expect(representatives([0, 1, 3, 2], [1, 2, 2], 5)).toEqual([{ plane: 0, row: 0, column: 1 }]);
  });
});

test('learning strengthens what the representative sees, by q c x and q v / 2, and nothing else', async () => {
  const model = neocognitron({ planes: 3, classes: 2 });
  model.build([16, 16, 1], 1);
  const s1 = model.layers.get('s1') as SLayer;
  const image = new Float32Array(256);
  image.set([1, 0.5], 8 * 16 + 7);
  const x = tensor(image, { shape: [1, 16, 16, 1] });
  const answers = s1.call(x).dataSync();
  const winners = representatives(answers, [16, 16, 3], 5);
  const before = [...s1.excitation!.value.dataSync()];
  const activity = s1.activity(x).dataSync();
  await neocognitronLearn(model, x, { rounds: 1 });
  const gained = [...s1.excitation!.value.dataSync()].map((value, i) => value - before[i]!);
  const expected = before.map((_, i) => {
    const [tap, plane] = [Math.floor(i / 3), i % 3];
    const cell = winners.find((winner) => winner.plane === plane);
    if (cell === undefined) return 0;
    return s1.fixed[tap]! * image[(cell.row - 2 + Math.floor(tap / 5)) * 16 + cell.column - 2 + (tap % 5)]!;
  });
  expect(winners.length).toBeGreaterThan(0);
  expect(expected.filter((value) => value > 0).length).toBeGreaterThan(0);
  gained.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  [...s1.inhibition!.value.dataSync()].forEach((b, plane) => {
    const cell = winners.find((winner) => winner.plane === plane);
    expect(b).toBeCloseTo(cell === undefined ? 0 : activity[cell.row * 16 + cell.column]! / 2, 6);
  });
});

/** The digits from 0 to 4 in thin lines, as in the paper's figures. */
const DIGITS = [
  '..####.. .#....#. .#....#. #......# #......# #......# #......# .#....#. .#....#. ..####..',
  '...#.... ..##.... .#.#.... ...#.... ...#.... ...#.... ...#.... ...#.... ...#.... .#####..',
  '..####.. .#....#. ......#. ......#. .....#.. ....#... ...#.... ..#..... .#...... .######.',
  '..####.. .#....#. ......#. ......#. ...###.. ......#. ......#. ......#. .#....#. ..####..',
  '.....#.. ....##.. ...#.#.. ..#..#.. .#...#.. #....#.. #######. .....#.. .....#.. .....#..',
].map((rows) => rows.split(' '));

/** A digit at a place of 16 by 16 pixels. */
function drawn(digit: number, top: number, left: number): Float32Array {
  const image = new Float32Array(256);
  DIGITS[digit]!.forEach((row, r) => row.split('').forEach((pixel, c) => (image[(top + r) * 16 + left + c] = Number(pixel === '#'))));
  return image;
}

test('it separates five digits by itself, wherever they are, as in the paper', async () => {
  use(await cpu());
  const model = neocognitron();
  model.build([16, 16, 1], 1);
  const digits = [0, 1, 2, 3, 4];
  const places = [[3, 4], [2, 6], [4, 2], [3, 5], [4, 6], [2, 3]] as const; // prettier-ignore
  const images = (shown: readonly Float32Array[]): Tensor =>
    tensor(Float32Array.from(shown.flatMap((image) => [...image])), { shape: [shown.length, 16, 16, 1] });
  let random = 2;
  const below = (count: number): number => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((random / 2 ** 31) * count);
  };
  for (let round = 0; round < 20; round++)
    await neocognitronLearn(model, images(digits.map((digit) => drawn(digit, 2 + below(3), 2 + below(5)))), { rounds: 1 });
  const cells = digits.map((digit) => {
    const answers = scope(() => model.call(images(places.map(([top, left]) => drawn(digit, top, left))), new Context()).dataSync());
    return places.map((_, i) => {
      const own = answers.slice(24 * i, 24 * (i + 1));
      return own.indexOf(Math.max(...own));
    });
  });
  for (const of of cells) expect(new Set(of).size).toBe(1); // one cell for a digit, at all places
  expect(new Set(cells.flat()).size).toBe(5); // and another for each digit
});

test('learning says what it takes', async () => {
  const model = neocognitron();
  model.build([16, 16, 1], 1);
  const x = zeros([1, 16, 16, 1]);
  await expect(neocognitronLearn(lenet1(), x)).rejects.toThrow('neocognitronLearn: expected a model that neocognitron made');
  await expect(neocognitronLearn(model, zeros([16, 16, 1]))).rejects.toThrow(
    'neocognitronLearn: the images must be a tensor [count, height',
  );
  await expect(neocognitronLearn(model, x, { rounds: 0 })).rejects.toThrow('neocognitronLearn: rounds: expected an integer >= 1, got 0');
  await expect(neocognitronLearn(model, x, { rounds: 0 })).rejects.toThrow(SinapseError);
});

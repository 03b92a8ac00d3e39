import { reference } from '@sinapse/backend-reference';
import { RandomStream, mean, randomKey, use } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { averagePrecision } from './average-precision.ts';
import type { Detection, LabelledBox } from './average-precision.ts';
import { intersectionOverUnion, overlapOf } from './box.ts';
import type { Box } from './box.ts';
import { boxShift, shiftBox } from './box-regression.ts';
import { labelRegions } from './label-regions.ts';
import { linearSvm } from './linear-svm.ts';
import { nonMaximumSuppression } from './non-maximum-suppression.ts';
import { regionProposals } from './region-proposals.ts';
import { ridgeRegression, valuesOf } from './ridge-regression.ts';
import { segment } from './segmentation.ts';
import type { Scene } from './train-rcnn.ts';
import { trainRcnn } from './train-rcnn.ts';
import { warpRegions } from './warp-regions.ts';

beforeAll(() => void use(reference()));

type Colour = readonly [number, number, number];

/** An image of one colour with rectangles in it. */
function scene(size: number, ground: Colour, rectangles: readonly (readonly [Box, Colour])[], noise = 0, seed = 0): Scene['image'] {
  const random = new RandomStream(randomKey(seed));
  const data = new Float32Array(size * size * 3);
  for (let i = 0; i < data.length; i++) {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % size, Math.floor(i / 3 / size)];
    const over = rectangles.findLast(([[left, top, right, bottom]]) => x >= left && x < right && y >= top && y < bottom);
    data[i] = (over?.[1] ?? ground)[channel]! + noise * random.normal();
  }
  return { data, shape: [size, size, 3] };
}

const randomBoxes = (count: number, seed: number): Box[] => {
  const random = new RandomStream(randomKey(seed));
  return Array.from({ length: count }, (): Box => {
    const [left, top] = [random.below(20), random.below(20)];
    return [left, top, left + 1 + random.below(20), top + 1 + random.below(20)];
  });
};

describe('boxes', () => {
  test('the intersection over union is that of counted pixels', () => {
    for (const [a, b] of randomBoxes(200, 1).map((box, i) => [box, randomBoxes(200, 2)[i]!] as const)) {
      let [both, either] = [0, 0];
      const has = ([left, top, right, bottom]: Box, x: number, y: number): boolean => x >= left && x < right && y >= top && y < bottom;
      for (let y = 0; y < 40; y++)
        for (let x = 0; x < 40; x++) {
          if (has(a, x, y) && has(b, x, y)) both++;
          if (has(a, x, y) || has(b, x, y)) either++;
        }
      expect(intersectionOverUnion(a, b)).toBe(both / either);
    }
  });

  test('a shift leads from one box to another, and does not depend on their common size and place', () => {
    const [from, to]: [Box, Box] = [[10, 20, 30, 60], [12, 15, 42, 55]]; // prettier-ignore
    expect(boxShift(from, to)).toEqual([7 / 20, -5 / 40, Math.log(1.5), 0]);
    shiftBox(from, boxShift(from, to)).forEach((side, i) => expect(side).toBeCloseTo(to[i]!, 12));
    const moved = ([a, b, c, d]: Box): Box => [3 * a + 5, 3 * b + 7, 3 * c + 5, 3 * d + 7];
    boxShift(moved(from), moved(to)).forEach((value, i) => expect(value).toBeCloseTo(boxShift(from, to)[i]!, 12));
  });

  test('non-maximum suppression keeps boxes that overlap with no better one that it keeps', () => {
    const boxes = randomBoxes(150, 3);
    const random = new RandomStream(randomKey(4));
    const scores = boxes.map(() => random.uniform());
    const kept = nonMaximumSuppression(boxes, scores, { overlap: 0.4, least: 0.1 });
    expect(kept.map((i) => scores[i])).toEqual(kept.map((i) => scores[i]!).sort((a, b) => b - a));
    for (const i of boxes.keys()) {
      const hides = kept.some((j) => j !== i && scores[j]! > scores[i]! && overlapOf(boxes[i]!, boxes[j]!) > 0.4);
      expect(kept.includes(i)).toBe(scores[i]! >= 0.1 && !hides);
    }
    expect(nonMaximumSuppression(boxes, scores, { overlap: 0.4, most: 2 })).toEqual(kept.slice(0, 2));
  });

  test('labelRegions names the object that a box shows', () => {
    const objects: LabelledBox[] = [{ box: [0, 0, 10, 10], label: 4 }, { box: [5, 0, 15, 10], label: 7 }]; // prettier-ignore
    const boxes: Box[] = [[0, 0, 10, 9], [4, 0, 15, 10], [0, 0, 10, 20], [30, 30, 40, 40], [0, 0, 3, 3]]; // prettier-ignore
    expect([...labelRegions(boxes, objects, { background: 9 })]).toEqual([4, 7, 4, 9, 9]);
    expect([...labelRegions(boxes, objects, { background: 9, overlap: 0.6 })]).toEqual([4, 7, 9, 9, 9]);
  });
});

describe('average precision', () => {
  const at = (x: number): Box => [x, 0, x + 10, 10];
  const found = (x: number, score: number, label = 0): Detection => ({ box: at(x), label, score });

  test('is the area under the curve of precision over recall', () => {
    const objects = [[{ box: at(0), label: 0 }, { box: at(20), label: 0 }], [{ box: at(0), label: 0 }, { box: at(40), label: 0 }]]; // prettier-ignore
    // By score: right, wrong, right, right, wrong (found already), and one object is not found.
    const detections = [[found(1, 0.9), found(60, 0.8), found(21, 0.7)], [found(2, 0.6), found(0, 0.5)]]; // prettier-ignore
    // Precisions at the objects found: 1, 2/3, 3/4; the second is raised to 3/4, the best at a higher recall.
    expect(averagePrecision(detections, objects).mean).toBeCloseTo((1 + 3 / 4 + 3 / 4) / 4, 12);
    expect(averagePrecision(detections, objects, { overlap: 0.9 }).mean).toBe(1 / 4 / 5); // only the last, exact one
  });

  test('is the mean over the classes that there are', () => {
    const objects = [[{ box: at(0), label: 2 }, { box: at(20), label: 5 }]]; // prettier-ignore
    const { mean: both, byClass } = averagePrecision([[found(0, 0.5, 2), found(20, 0.9, 2), found(0, 1, 8)]], objects);
    expect([...byClass]).toEqual([[2, 1 / 2], [5, 0]]); // prettier-ignore
    expect(both).toBe(1 / 4);
    expect(averagePrecision([[]], [[]]).mean).toBeNaN();
  });
});

describe('region proposals', () => {
  const blue: Colour = [0.1, 0.1, 0.4];
  const [first, second]: [Box, Box] = [[5, 6, 18, 20], [25, 22, 44, 40]]; // prettier-ignore

  test('regions of one colour are found, small ones joined with a neighbour', () => {
    const image = scene(48, blue, [[first, [1, 0.2, 0.2]], [second, [0.2, 0.9, 0.2]], [[2, 40, 4, 42], [1, 1, 1]]], 0.01); // prettier-ignore
    const { regions, count } = segment(image, 0.5, 20);
    expect(count).toBe(3); // the four white pixels are too few
    const regionAt = (x: number, y: number): number => regions[y * 48 + x]!;
    expect(regionAt(3, 41)).toBe(regionAt(0, 0));
    for (const [[left, top, right, bottom], inner] of [first, second].map((box) => [box, regionAt(box[0] + 2, box[1] + 2)] as const)) {
      expect(regions.filter((region) => region === inner)).toHaveLength((right - left) * (bottom - top));
    }
    const clean = scene(48, blue, [[[2, 40, 4, 42], [1, 1, 1]]]); // prettier-ignore
    expect([4, 5].map((smallest) => segment(clean, 0.5, smallest).count)).toEqual([2, 1]);
  });

  test('the box of each object is proposed, and that of two parts which belong together', () => {
    const red: Colour = [0.9, 0.2, 0.2];
    const halves: Box[] = [[25, 22, 44, 29], [25, 31, 44, 40]]; // prettier-ignore
    const boxes = regionProposals(scene(48, blue, [[first, [0.2, 0.9, 0.9]], [halves[0]!, red], [halves[1]!, red]], 0.01)); // prettier-ignore
    for (const box of [first, ...halves, second, [0, 0, 48, 48]]) expect(boxes).toContainEqual(box);
    expect(new Set(boxes.map(String)).size).toBe(boxes.length);
    expect(boxes.length).toBeLessThan(10);
  });
});

test('warpRegions reproduces what is linear, also around the box, and repeats the border', () => {
  const [height, width] = [12, 16];
  const data = Float32Array.from({ length: height * width }, (_, i) => 0.5 * Math.floor(i / width) + 2 * (i % width));
  const image = { data, shape: [height, width, 1] as const };
  expect(warpRegions(image, [[0, 0, width, height]], { size: [height, width] }).data).toEqual(data);
  const [box, context]: [Box, number] = [[4, 3, 12, 9], 1]; // prettier-ignore
  const warped = warpRegions(image, [box], { size: [5, 6], context });
  expect(warped.shape).toEqual([1, 5, 6, 1]);
  for (let row = 0; row < 5; row++)
    for (let column = 0; column < 6; column++) {
      const [y, x] = [3 + (row - context + 0.5) * (6 / 3) - 0.5, 4 + (column - context + 0.5) * (8 / 4) - 0.5];
      expect(warped.data[row * 6 + column]).toBeCloseTo(0.5 * y + 2 * x, 5);
    }
  expect(warpRegions(image, [[-9, -9, -5, -5]], { size: [1, 1] }).data[0]).toBe(data[0]);
});

test('linearSvm finds the least of its loss', () => {
  const random = new RandomStream(randomKey(1));
  const [count, features, cost] = [60, 3, 0.3];
  const isPositive = Array.from({ length: count }, () => random.uniform() < 0.3);
  const data = Float64Array.from({ length: count * features }, (_, i) => {
    const row = Math.floor(i / features);
    return i % features === 2 ? 1 : random.normal() + (isPositive[row]! ? 0.8 : -0.8);
  });
  const loss = (w: Float64Array): number => {
    let sum = 0;
    for (const [row, positive] of isPositive.entries()) {
      const score = w.reduce((total, weight, i) => total + weight * data[row * features + i]!, 0);
      sum += cost * Math.max(0, 1 - (positive ? score : -score));
    }
    return sum + w.reduce((total, weight) => total + weight ** 2 / 2, 0);
  };
  const w = linearSvm({ data, features }, isPositive, cost, randomKey(2));
  // The loss is convex: if no step in a few hundred directions makes it smaller by more than the tolerance allows, there is none.
  for (let i = 0; i < 300; i++) {
    const length = 10 ** (-1 - (i % 3));
    expect(loss(w.map((weight) => weight + length * random.normal()))).toBeGreaterThan(loss(w) - 0.005);
  }
  expect(loss(w)).toBeLessThan(0.6 * loss(new Float64Array(features)));
});

test('ridgeRegression fulfils its normal equations', async () => {
  const random = new RandomStream(randomKey(3));
  const [count, features, ridge] = [30, 4, 2.5];
  const rows = { data: Float64Array.from({ length: count * features }, () => random.normal()), features };
  const chosen = Array.from({ length: count - 5 }, (_, i) => i + 3);
  const targets = chosen.map(() => [3 + random.normal(), -2 + random.normal()]);
  const map = await ridgeRegression(rows, chosen, targets, ridge);
  for (let output = 0; output < 2; output++)
    for (let i = 0; i < features; i++) {
      let sum = ridge * map.weights[i * 2 + output]!;
      chosen.forEach((row, at) => (sum += (valuesOf(map, rows, row)[output]! - targets[at]![output]!) * rows.data[row * features + i]!));
      expect(Math.abs(sum)).toBeLessThan(1e-4); // solved in float32
    }
});

describe('R-CNN', () => {
  const COLOURS: readonly Colour[] = [[0.9, 0.2, 0.2], [0.2, 0.9, 0.2], [0.3, 0.3, 1]]; // prettier-ignore

  /** Rectangles of three colours on dark ground, and grey ones that are no objects. */
  const scenes = (count: number, from: number): Scene[] =>
    Array.from({ length: count }, (_, i) => {
      const random = new RandomStream(randomKey(from + i));
      const box = (left: number, top: number): Box => {
        const [x, y] = [left + random.below(6), top + random.below(6)];
        return [x, y, x + 8 + random.below(8), y + 8 + random.below(8)];
      };
      const objects = [box(0, 0), box(24, 2), box(2, 24)].map((place): LabelledBox => ({ box: place, label: random.below(3) }));
      const grey: [Box, Colour] = [box(25, 25), [0.6, 0.6, 0.6]];
      return { image: scene(48, [0.1, 0.1, 0.1], [...objects.map(({ box: at, label }) => [at, COLOURS[label]!] as const), grey], 0.03, from + i), objects }; // prettier-ignore
    });

  /** Features that are the mean colour and its square. */
  const features = { call: (x: Tensor) => mean(x, { axis: [1, 2] }) };
  const options = { features, inputShape: [8, 8, 3] as const, classes: 3, cost: 0.01 };

  test('learns rectangles by their colours, and finds them in other scenes', async () => {
    const detector = await trainRcnn(scenes(12, 100), options);
    const unseen = scenes(8, 500);
    const found = await Promise.all(unseen.map(({ image }) => detector.detect(image)));
    const { mean: precision, byClass } = averagePrecision(found, unseen.map(({ objects }) => objects)); // prettier-ignore
    expect(byClass.size).toBe(3);
    expect(precision).toBeGreaterThan(0.9);
    const again = await (await trainRcnn(scenes(12, 100), options)).detect(unseen[0]!.image);
    expect(again).toEqual(found[0]);
    for (const { box: [left, top, right, bottom] } of found.flat()) expect(left >= 0 && top >= 0 && right <= 48 && bottom <= 48).toBe(true); // prettier-ignore
  });

  test('says what is wrong', async () => {
    const few = scenes(1, 1);
    await expect(trainRcnn([], options)).rejects.toThrow('trainRcnn: the scenes: expected a list of { image, objects');
    await expect(trainRcnn(few, { ...options, classes: 0 })).rejects.toThrow('trainRcnn: classes: expected an integer >= 1, got 0');
    const one = [{ ...few[0]!, objects: [{ box: [0, 0, 4, 4] as const, label: 3 }] }];
    await expect(trainRcnn(one, options)).rejects.toThrow('trainRcnn: the label 3 is not below the 3 classes');
    const flat = { call: (x: Tensor) => x };
    await expect(trainRcnn(few, { ...options, features: flat })).rejects.toThrow('trainRcnn: features: must give [boxes, features], got [');
    expect(() => regionProposals({ data: [1], shape: [2, 2, 1] })).toThrow('regionProposals: the image: expected an image, { data, shape');
    expect(() => nonMaximumSuppression([[0, 0, 1, 1]], [])).toThrow(
      'nonMaximumSuppression: the scores: expected a list of 1, one for each box',
    );
    expect(() => nonMaximumSuppression([[0, 0, 0, 1]], [1])).toThrow('nonMaximumSuppression: the boxes: expected a list of boxes');
  });
});

// Every loss at random predictions and targets: its value against a formula in float64, its gradients against differences, and at logits of ±1e4.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Backend, Tensor } from '@sinapse/core';
import { grad, softmax, tensor, use } from '@sinapse/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as losses from './index.ts';

type Rows = readonly (readonly number[])[];
type Loss = (prediction: Tensor) => Tensor;

/** Numbers of a small generator, so that a failure can be repeated. */
function draws(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from + ((to - from) * state) / 2 ** 32;
  };
}
const random = draws(7);
const rounded = (values: Rows): Rows => values.map((row) => row.map(Math.fround)); // tensors hold float32
const rows = (from: number, to: number): Rows =>
  rounded(Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => random(from, to))));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const probabilitiesOf = (row: readonly number[]): number[] => {
  const most = Math.max(...row);
  const powers = row.map((z) => Math.exp(z - most));
  return powers.map((each) => each / sumOf(powers));
};
const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
const perElement = (x: Rows, t: Rows, cost: (x: number, t: number) => number): number =>
  mean(x.flatMap((row, i) => row.map((each, k) => cost(each, t[i]![k]!))));
const perRow = (x: Rows, cost: (row: readonly number[], i: number) => number): number => mean(x.map(cost));

const scores = rows(-3, 3);
const positive = rows(0.2, 3);
const answers: Rows = rows(0, 1).map((row) => row.map((u) => (u < 0.5 ? 0 : 1)));
const sides: Rows = answers.map((row) => row.map((t) => 2 * t - 1));
const counts: Rows = rows(0, 4).map((row) => row.map(Math.floor));
const targets = rounded(rows(-2, 2).map(probabilitiesOf));
const other = rows(-3, 3);
const third = rows(-3, 3);
const classes = [2, 0, 3];
const oneHot = (label: number): number[] => [0, 1, 2, 3].map((c) => (c === label ? 1 : 0));
const smoothed = (row: readonly number[], by: number): number[] => row.map((t) => t * (1 - by) + by / row.length);
const crossEntropy = (row: readonly number[], t: readonly number[], weights?: readonly number[]): number =>
  -sumOf(probabilitiesOf(row).map((p, c) => t[c]! * Math.log(p) * (weights?.[c] ?? 1)));
const weights = [0.5, 2, 1, 3];

const of = (values: Rows): Tensor => tensor(values.map((row) => [...row]));
const labels = (): Tensor => tensor(classes, { dtype: 'int32' });

interface Case {
  /** The exported loss. */
  readonly of: keyof typeof losses;
  readonly loss: Loss;
  readonly at: Rows;
  readonly value: number;
  /** Whether differences can check the second derivative, too. */
  readonly smooth?: boolean;
  /** Whether any prediction is possible, so that ±1e4 must give a finite gradient. */
  readonly unbounded?: boolean;
}

const likely = rounded(rows(-1, 1).map(probabilitiesOf)); // differences are inexact near 0
const softmaxed = rounded(scores.map(probabilitiesOf));
const pull = (z: number, t: number): number => -(t * Math.log(sigma(z)) + (1 - t) * Math.log(1 - sigma(z)));
const shares = answers.map((row) => row.map((t) => 0.1 + 0.8 * t));

const cases: Readonly<Record<string, Case>> = {
  'softmaxCrossEntropy': { of: 'softmaxCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.softmaxCrossEntropy(x, labels()), value: perRow(scores, (row, i) => crossEntropy(row, oneHot(classes[i]!))) },
  'softmaxCrossEntropy, smoothed': { of: 'softmaxCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.softmaxCrossEntropy(x, labels(), { labelSmoothing: 0.2 }), value: perRow(scores, (row, i) => crossEntropy(row, smoothed(oneHot(classes[i]!), 0.2))) },
  'softmaxCrossEntropy, weighted': { of: 'softmaxCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.softmaxCrossEntropy(x, labels(), { classWeights: weights }), value: sumOf(scores.map((row, i) => crossEntropy(row, oneHot(classes[i]!), weights))) / sumOf(classes.map((c) => weights[c]!)) },
  'softmaxCrossEntropy, an ignored label': { of: 'softmaxCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.softmaxCrossEntropy(x, tensor([2, -1, 3], { dtype: 'int32' }), { ignoreIndex: -1 }), value: (crossEntropy(scores[0]!, oneHot(2)) + crossEntropy(scores[2]!, oneHot(3))) / 2 },
  'softmaxCrossEntropy, everything at once': { of: 'softmaxCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.softmaxCrossEntropy(x, tensor([2, 255, 3], { dtype: 'int32' }), { ignoreIndex: 255, labelSmoothing: 0.1, classWeights: weights, sampleWeight: tensor([1, 5, 4]) }), value: (crossEntropy(scores[0]!, smoothed(oneHot(2), 0.1), weights) + 4 * crossEntropy(scores[2]!, smoothed(oneHot(3), 0.1), weights)) / (weights[2]! + 4 * weights[3]!) },
  'categoricalCrossEntropy': { of: 'categoricalCrossEntropy', at: likely, smooth: true, loss: (x) => losses.categoricalCrossEntropy(x, of(targets), { labelSmoothing: 0.3 }), value: perRow(likely, (row, i) => -sumOf(row.map((p, c) => smoothed(targets[i]!, 0.3)[c]! * Math.log(p)))) },
  'binaryCrossEntropy': { of: 'binaryCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.binaryCrossEntropy(x, of(answers), { labelSmoothing: 0.2 }), value: perElement(scores, shares, pull) },
  'binaryCrossEntropy, weighted': { of: 'binaryCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.binaryCrossEntropy(x, of(answers), { classWeights: [1, 3] }), value: sumOf(scores.flatMap((row, i) => row.map((z, k) => (answers[i]![k]! === 1 ? 3 : 1) * pull(z, answers[i]![k]!)))) / sumOf(answers.flat().map((t) => (t === 1 ? 3 : 1))) },
  'binaryCrossEntropy of probabilities, weighted': { of: 'binaryCrossEntropy', at: rows(0.1, 0.9), smooth: true, loss: (x) => losses.binaryCrossEntropy(x, of(answers), { from: 'probabilities', classWeights: [2, 2] }), value: NaN },
  'binaryFocalCrossEntropy': { of: 'binaryFocalCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.binaryFocalCrossEntropy(x, of(answers), { gamma: 1.5, alpha: 0.25 }), value: perElement(scores, answers, (z, t) => (t === 1 ? 0.25 * sigma(-z) ** 1.5 : 0.75 * sigma(z) ** 1.5) * pull(z, t)) },
  'categoricalFocalCrossEntropy': { of: 'categoricalFocalCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.categoricalFocalCrossEntropy(x, labels(), { gamma: 2 }), value: perRow(scores, (row, i) => (1 - probabilitiesOf(row)[classes[i]!]!) ** 2 * crossEntropy(row, oneHot(classes[i]!))) },
  'categoricalFocalCrossEntropy of gamma 0.5': { of: 'categoricalFocalCrossEntropy', at: scores, unbounded: true, smooth: true, loss: (x) => losses.categoricalFocalCrossEntropy(x, labels(), { gamma: 0.5 }), value: perRow(scores, (row, i) => (1 - probabilitiesOf(row)[classes[i]!]!) ** 0.5 * crossEntropy(row, oneHot(classes[i]!))) },
  'klDivergence': { of: 'klDivergence', at: scores, unbounded: true, smooth: true, loss: (x) => losses.klDivergence(x, of(targets)), value: perRow(scores, (row, i) => sumOf(targets[i]!.map((t, c) => t * Math.log(t / probabilitiesOf(row)[c]!)))) },
  'klDivergence of probabilities': { of: 'klDivergence', at: softmaxed, smooth: true, loss: (x) => losses.klDivergence(x, of(classes.map(oneHot)), { from: 'probabilities' }), value: perRow(softmaxed, (row, i) => -Math.log(row[classes[i]!]!)) },
  'hinge': { of: 'hinge', at: scores, unbounded: true, loss: (x) => losses.hinge(x, of(sides)), value: perElement(scores, sides, (x, t) => Math.max(0, 1 - t * x)) },
  'squaredHinge': { of: 'squaredHinge', at: scores, unbounded: true, loss: (x) => losses.squaredHinge(x, tensor(answers.map((row) => [...row]), { dtype: 'bool' })), value: perElement(scores, sides, (x, t) => Math.max(0, 1 - t * x) ** 2) },
  'categoricalHinge': { of: 'categoricalHinge', at: scores, unbounded: true, loss: (x) => losses.categoricalHinge(x, labels()), value: perRow(scores, (row, i) => Math.max(0, 1 + Math.max(...row.filter((_, c) => c !== classes[i])) - row[classes[i]!]!)) },
  'meanSquaredError': { of: 'meanSquaredError', at: scores, unbounded: true, smooth: true, loss: (x) => losses.meanSquaredError(x, of(other), { reduction: 'halfMean' }), value: 2 * perElement(scores, other, (x, t) => (x - t) ** 2) },
  'meanSquaredError, weighted': { of: 'meanSquaredError', at: scores, unbounded: true, smooth: true, loss: (x) => losses.meanSquaredError(x, of(other), { sampleWeight: tensor([1, 0, 3]) }), value: (mean(scores[0]!.map((x, k) => (x - other[0]![k]!) ** 2)) + 3 * mean(scores[2]!.map((x, k) => (x - other[2]![k]!) ** 2))) / 4 },
  'meanAbsoluteError': { of: 'meanAbsoluteError', at: scores, unbounded: true, loss: (x) => losses.meanAbsoluteError(x, of(other)), value: perElement(scores, other, (x, t) => Math.abs(x - t)) },
  'huber': { of: 'huber', at: scores, unbounded: true, loss: (x) => losses.huber(x, of(other)), value: perElement(scores, other, (x, t) => (Math.abs(x - t) <= 1 ? (x - t) ** 2 / 2 : Math.abs(x - t) - 0.5)) },
  'logCosh': { of: 'logCosh', at: scores, unbounded: true, smooth: true, loss: (x) => losses.logCosh(x, of(other)), value: perElement(scores, other, (x, t) => Math.log(Math.cosh(x - t))) },
  'poisson': { of: 'poisson', at: scores, smooth: true, loss: (x) => losses.poisson(x, of(counts)), value: perElement(scores, counts, (x, t) => Math.exp(x) - t * x) },
  'poisson of rates': { of: 'poisson', at: positive, smooth: true, loss: (x) => losses.poisson(x, of(counts), { from: 'rate' }), value: perElement(positive, counts, (x, t) => x - t * Math.log(x)) },
  'cosineDistance': { of: 'cosineDistance', at: scores, unbounded: true, smooth: true, loss: (x) => losses.cosineDistance(x, of(other)), value: perRow(scores, (row, i) => 1 - sumOf(row.map((x, k) => x * other[i]![k]!)) / Math.hypot(...row) / Math.hypot(...other[i]!)) },
  'triplet': { of: 'triplet', at: scores, unbounded: true, loss: (x) => losses.triplet(x, of(other), of(third), { margin: 2 }), value: perRow(scores, (row, i) => Math.max(0, sumOf(row.map((x, k) => (x - other[i]![k]!) ** 2 - (x - third[i]![k]!) ** 2)) + 2)) },
  'contrastive': { of: 'contrastive', at: positive, loss: (x) => losses.contrastive(x, of(answers), { margin: 2 }), value: perElement(positive, answers, (d, t) => (t * d * d + (1 - t) * Math.max(0, 2 - d) ** 2) / 2) },
}; // prettier-ignore

const OTHERWISE = ['ctc', 'l1Penalty', 'l2Penalty']; // ctc.test.ts and losses.test.ts have these

test('every loss has a case', () => {
  const functions = Object.entries(losses).filter(([, value]) => typeof value === 'function');
  expect([...new Set([...Object.values(cases).map((each) => each.of), ...OTHERWISE])].sort()).toEqual(
    functions.map(([name]) => name).sort(),
  );
});

describe('in float64', () => {
  beforeAll(() => void use(reference({ precision: 'float64' })));

  test.each(Object.entries(cases))('%s', async (name, { loss, at, value, smooth = false }) => {
    const result = loss(of(at));
    expect(result.shape).toEqual([]);
    const expected = name === 'binaryCrossEntropy of probabilities, weighted' ? perElement(at, answers, (p, t) => -(t * Math.log(p) + (1 - t) * Math.log(1 - p))) : value; // prettier-ignore
    expect(result.dataSync()[0]).toBeCloseTo(expected, 11);
    await checkGradients(loss, [of(at)], { second: smooth });
  });

  test.each(Object.entries(cases))('%s of NaN is NaN', (_, { loss, at }) => {
    expect(loss(of(at.map((row, i) => (i === 0 ? [NaN, NaN, NaN, NaN] : row)))).dataSync()[0]).toBeNaN();
  });

  test('all labels ignored cost nothing, and pull nowhere', () => {
    const loss: Loss = (x) => losses.softmaxCrossEntropy(x, tensor([-1, -1, -1], { dtype: 'int32' }), { ignoreIndex: -1 });
    expect(loss(of(scores)).dataSync()[0]).toBe(0);
    expect([...grad(loss)(of(scores)).dataSync()].every((each) => each === 0)).toBe(true);
  });

  test('a log-cosh of 1e-6 keeps its digits', () => {
    expect(losses.logCosh(tensor([1e-6]), tensor([0])).dataSync()[0]! / 5e-13).toBeCloseTo(1, 6);
  });

  test('the KL divergence of equal distributions is 0', () => {
    expect(losses.klDivergence(of(scores), softmax(of(scores))).dataSync()[0]).toBeCloseTo(0, 14);
  });

  test.each<[string, () => unknown, string]>([
    ['a weight missing', () => losses.softmaxCrossEntropy(of(scores), labels(), { classWeights: [1, 2] }), 'softmaxCrossEntropy: classWeights: expected a weight for each of the 4 classes, got 2'],
    ['a weight below 0', () => losses.softmaxCrossEntropy(of(scores), labels(), { classWeights: [1, -1, 1, 1] }), 'softmaxCrossEntropy: classWeights: expected a list of numbers >= 0, one for each class, got'],
    ['weights for both answers', () => losses.binaryCrossEntropy(of(scores), of(answers), { classWeights: [1, 1, 1] }), 'binaryCrossEntropy: classWeights: expected a weight for each of the 2 classes, got 3'],
    ['no weight at all', () => losses.binaryCrossEntropy(of(scores), of(answers), { classWeights: [0, 0] }), 'binaryCrossEntropy: classWeights: one of the two must be above 0'],
    ['smoothing of 1', () => losses.softmaxCrossEntropy(of(scores), labels(), { labelSmoothing: 1 }), 'softmaxCrossEntropy: labelSmoothing: expected a number within [0, 1), got 1'],
    ['an ignored class of one-hot rows', () => losses.softmaxCrossEntropy(of(scores), of(answers), { ignoreIndex: 0 }), 'softmaxCrossEntropy: ignoreIndex is for labels that are class numbers; give probabilities the sampleWeight 0'],
    ['sample weights of another length', () => losses.huber(of(scores), of(other), { sampleWeight: tensor([1, 2]) }), 'huber: sampleWeight: expected a weight for each example, [3] or [3,4], got [2]'],
    ['a sample weight that is a number', () => losses.huber(of(scores), of(other), { sampleWeight: 2 as never }), 'huber: sampleWeight: expected a tensor, got 2'],
    ['triplets of two shapes', () => losses.triplet(of(scores), of(other), of(third.slice(1))), 'triplet: anchor, positive and negative must have one shape [batch, features], got [3,4], [3,4], [2,4]'],
    ['a margin of 0', () => losses.contrastive(of(positive), of(answers), { margin: 0 }), 'contrastive: margin: expected a finite number > 0, got 0'],
    ['rates by another name', () => losses.poisson(of(scores), of(counts), { from: 'rates' as 'rate' }), 'poisson: from: expected one of logRate, rate, got "rates"; did you mean rate?'],
    ['vectors without features', () => losses.cosineDistance(tensor([1, 2]), tensor([1, 2])), 'cosineDistance: the prediction must be [batch, features], got [2]'],
    ['a divergence of numbers', () => losses.klDivergence(tensor([1, 2]), tensor([1, 2])), 'klDivergence: the prediction must be [batch, classes], got [2]'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  }); // prettier-ignore
});

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('on %s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  // Each value is a mean of a few rounded terms; 1e-5 of it leaves room for a dozen roundings of 6e-8 each in exp, log and sums.
  test.each(Object.entries(cases).filter(([, { value }]) => !Number.isNaN(value)))('%s', (_, { loss, at, value }) => {
    expect(Math.abs(loss(of(at)).dataSync()[0]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
  });

  test.each(Object.entries(cases).filter(([, { unbounded }]) => unbounded))('%s at ±1e4', (_, { loss }) => {
    for (const sign of [1, -1]) {
      const far = of([[1e4 * sign, -1e4, 0, 1e4], [-1e4, 1e4 * sign, 1e4, 0], [0, 1e4, -1e4 * sign, 1e4]]); // prettier-ignore
      expect(Number.isFinite(loss(far).dataSync()[0])).toBe(true);
      expect([...grad(loss)(far).dataSync()].every(Number.isFinite)).toBe(true);
    }
  });
});

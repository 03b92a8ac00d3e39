// CTC against the sum over all paths, written out, and its gradient against differences.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import { grad, randomNormal, tensor, use } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { ctc } from './index.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

type Rows = readonly (readonly number[])[];

/** What a path writes: equal neighbours are one label, blanks are none. */
function written(path: readonly number[], blank: number): string {
  return path.filter((label, t) => label !== blank && label !== path[t - 1]).join(' ');
}

/** -ln Σ p(path) over all paths that write the labels. */
function byEnumeration(logits: Rows, labels: readonly number[], blank = 0): number {
  const classes = logits[0]!.length;
  const logs = logits.map((row) => {
    const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
    return row.map((z) => z - total);
  });
  let probability = 0;
  for (let code = 0; code < classes ** logits.length; code++) {
    const path = logits.map((_, t) => Math.floor(code / classes ** t) % classes);
    if (written(path, blank) === labels.join(' ')) probability += Math.exp(path.reduce((sum, label, t) => sum + logs[t]![label]!, 0));
  }
  return -Math.log(probability);
}

const logitsOf = (batch: number, time: number, classes: number, seed: number): Rows[] => {
  const data = randomNormal([batch, time, classes], { seed }).dataSync();
  return Array.from({ length: batch }, (_, b) => Array.from({ length: time }, (_, t) => [...data.subarray((b * time + t) * classes, (b * time + t + 1) * classes)])); // prettier-ignore
};
const tensorOf = (rows: Rows[]) => tensor(rows.map((each) => each.map((row) => [...row])));
const int = (rows: number[][]) => tensor(rows, { dtype: 'int32' });

describe('the sum over all paths', () => {
  test.each<[string, number, number[][], number]>([
    ['one label', 4, [[1]], 0],
    ['two labels', 5, [[1, 2]], 0],
    ['a label twice: a blank must stand between', 5, [[2, 2]], 0],
    ['three of four classes', 5, [[3, 1, 3]], 0],
    ['another blank', 5, [[0, 1]], 3],
    ['as many labels as steps', 3, [[1, 2, 1]], 0],
    ['a batch', 5, [[1, 2], [3, 3], [2, 1]], 0],
  ])('%s', async (_, time, labels, blank) => {
    const rows = logitsOf(labels.length, time, 4, time);
    const expected = rows.reduce((sum, each, b) => sum + byEnumeration(each, labels[b]!, blank), 0);
    expect(ctc(tensorOf(rows), int(labels), { blank, reduction: 'sum' }).dataSync()[0]).toBeCloseTo(expected, 10);
    await checkGradients((x) => ctc(x, int(labels), { blank }), [tensorOf(rows)]);
  }); // prettier-ignore

  test('sequences of different lengths: what is beyond them is not read', () => {
    const rows = logitsOf(3, 5, 4, 9);
    const [inputLengths, labelLengths] = [[5, 3, 4], [2, 1, 0]]; // prettier-ignore
    const labels = [[1, 3], [2, 0], [0, 0]]; // prettier-ignore
    const expected = rows.map((each, b) => byEnumeration(each.slice(0, inputLengths[b]), labels[b]!.slice(0, labelLengths[b])));
    const loss = (x: ReturnType<typeof tensorOf>) => ctc(x, int(labels), { inputLengths, labelLengths, reduction: 'sum' });
    expect(loss(tensorOf(rows)).dataSync()[0]).toBeCloseTo(expected[0]! + expected[1]! + expected[2]!, 10);
    const slopes = grad(loss)(tensorOf(rows)).dataSync();
    expect([...slopes.subarray(20 + 3 * 4, 40)].every((each) => each === 0)).toBe(true);
  });
});

test('a row ends at its first blank or negative number, unless lengths are given, as a list or a tensor', () => {
  const rows = logitsOf(2, 4, 3, 5);
  const expected = byEnumeration(rows[0]!, [2]) + byEnumeration(rows[1]!, []);
  const sum = { reduction: 'sum' } as const;
  expect(ctc(tensorOf(rows), int([[2, 0, 0], [0, 0, 0]]), sum).dataSync()[0]).toBeCloseTo(expected, 10); // prettier-ignore
  expect(ctc(tensorOf(rows), int([[2, -1, 1], [-1, 2, 2]]), sum).dataSync()[0]).toBeCloseTo(expected, 10); // prettier-ignore
  const labelLengths = tensor([1, 0], { dtype: 'int32' });
  const inputLengths = tensor([4, 4], { dtype: 'int32' });
  expect(ctc(tensorOf(rows), int([[2, 1, 1], [2, 2, 2]]), { ...sum, labelLengths, inputLengths }).dataSync()[0]).toBeCloseTo(expected, 10); // prettier-ignore
  expect(ctc(tensor([[[9, 0], [9, 0]]]), int([[0]])).dataSync()[0]).toBeGreaterThanOrEqual(0); // prettier-ignore
});

test('a prediction of NaN, or a label that is no class, is a loss of NaN', () => {
  expect(ctc(tensor([[[NaN, 0, 1], [0, 1, 2]]]), int([[1]])).dataSync()[0]).toBeNaN(); // prettier-ignore
  expect(ctc(tensor([[[1, 0, 1], [0, 1, 2]]]), int([[7]])).dataSync()[0]).toBeNaN(); // prettier-ignore
});

test('too few steps for the labels is an infinite loss', () => {
  expect(ctc(tensorOf(logitsOf(1, 2, 3, 1)), int([[1, 1]])).dataSync()[0]).toBe(Infinity);
  expect(ctc(tensorOf(logitsOf(1, 3, 3, 1)), int([[1, 1]])).dataSync()[0]).toBeLessThan(100);
});

test('logits of ±1e4 give finite gradients', async () => {
  for (const backend of [reference(), await cpu({ threads: 1 }), await cpu({ engine: 'wasm', threads: 1 })]) {
    use(backend);
    const logits = tensor([[[1e4, -1e4, 0], [-1e4, 1e4, 0], [0, 1e4, -1e4]]]); // prettier-ignore
    const loss = ctc(logits, int([[1]]));
    expect(Number.isFinite(loss.dataSync()[0])).toBe(true);
    expect([...grad((x: typeof logits) => ctc(x, int([[1]])))(logits).dataSync()].every(Number.isFinite)).toBe(true);
    await backend.close();
  }
});

test('a network of one weight matrix learns to write', () => {
  const inputs = [0, 0, 1, 1, 2, 2];
  let w = tensor([[0, 0, 0], [0, 0, 0], [0, 0, 0]]); // prettier-ignore
  const x = tensor([inputs.map((i) => [0, 1, 2].map((c) => (c === i ? 1 : 0)))]);
  const loss = (weights: typeof w) => ctc(x.reshape([6, 3]).matmul(weights).reshape([1, 6, 3]), int([[1, 2]]));
  for (let i = 0; i < 60; i++) w = w.sub(grad(loss)(w).mul(2));
  expect(loss(w).dataSync()[0]).toBeLessThan(0.1);
});

test.each<[string, () => unknown, string]>([
  ['a matrix', () => ctc(tensor([[1, 2]]), int([[1]])), 'ctc: the prediction must be [batch, time, classes] with at least one step, got [1,2]'],
  ['labels of another batch', () => ctc(tensorOf(logitsOf(2, 3, 3, 1)), int([[1]])), 'ctc: labels must be [2, most labels], got [1,1]'],
  ['labels of floats', () => ctc(tensorOf(logitsOf(1, 3, 3, 1)), tensor([[1]])), "ctc: labels must be int32, got float32: labels.cast('int32')"],
  ['a blank beyond the classes', () => ctc(tensorOf(logitsOf(1, 3, 3, 1)), int([[1]]), { blank: 3 }), 'ctc: blank: expected one of the 3 classes, 0 to 2, got 3'],
  ['a length too large', () => ctc(tensorOf(logitsOf(1, 3, 3, 1)), int([[1]]), { inputLengths: [4] }), 'ctc: inputLengths: a length of 4, but there are 3 steps'],
  ['lengths of another batch', () => ctc(tensorOf(logitsOf(1, 3, 3, 1)), int([[1]]), { labelLengths: [1, 1] }), 'ctc: labelLengths: expected one for each of the 1 sequences, got 2'],
  ['lengths of floats', () => ctc(tensorOf(logitsOf(1, 3, 3, 1)), int([[1]]), { labelLengths: tensor([1]) }), 'ctc: labelLengths: expected int32 [1], got float32 [1]'],
  ['a length that is no integer', () => ctc(tensorOf(logitsOf(1, 3, 3, 1)), int([[1]]), { labelLengths: [0.5] }), 'ctc: labelLengths: expected a list of integers >= 0, one for each sequence, or an int32 tensor of them, got'],
])('%s', (_, call, message) => {
  expect(call).toThrow(message);
}); // prettier-ignore

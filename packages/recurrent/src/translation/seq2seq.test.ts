// Attention against its formulas, and a network that sorts digits.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Tensor } from '@sinapse/core';
import {
  Context,
  RandomStream,
  concat,
  full,
  memory,
  parametersOf,
  randomKey,
  randomNormal,
  scope,
  slice,
  tensor,
  unstack,
  use,
  valueAndGrad,
} from '@sinapse/core';
import { adam } from '@sinapse/optimizers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AttentionScore } from '../index.ts';
import { seq2seq, sequenceAttention, sequenceCrossEntropy } from '../index.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

/** The values of a tensor in nested lists. */
const nested = (x: Tensor): number[][][] => unstackAll(x) as number[][][];
function unstackAll(x: Tensor): unknown {
  return x.rank === 0 ? x.dataSync()[0] : unstack(x).map(unstackAll);
}

describe.each(['additive', 'general', 'dot'] as const)('attention, %s', (score: AttentionScore) => {
  const made = () => {
    const layer = sequenceAttention({ score, ...(score === 'additive' && { units: 2 }) });
    expect(layer.build([[2, 3], [4, 3]], 1)).toEqual([2, 3]); // prettier-ignore
    return layer;
  };
  const query = (): Tensor => randomNormal([1, 2, 3], { seed: 1 });
  const steps = (): Tensor => randomNormal([1, 4, 3], { seed: 2 });

  test('weighs each step by the softmax of its score', () => {
    const layer = made();
    const [queries, keys] = [query(), steps()].map(nested);
    const matrix = (name: 'queryKernel' | 'memoryKernel' | 'scoreKernel') => unstackAll(layer[name]!.value) as number[][];
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const times = (row: readonly number[], by: readonly (readonly number[])[]): number[] => by[0]!.map((_, k) => dot(row, by.map((each) => each[k]!))); // prettier-ignore
    const scoreOf = (q: number[], h: number[]): number => {
      if (score === 'dot') return dot(q, h);
      const asked = times(q, matrix('queryKernel'));
      if (score === 'general') return dot(asked, h);
      const offered = times(h, matrix('memoryKernel'));
      return dot(asked.map((value, k) => Math.tanh(value + offered[k]!)), matrix('scoreKernel').map(([v]) => v!)); // prettier-ignore
    };
    const { context, weights } = layer.attend(query(), steps());
    queries![0]!.forEach((q, i) => {
      const scores = keys![0]!.map((h) => Math.exp(scoreOf(q, h)));
      const sum = scores.reduce((a, b) => a + b);
      scores.forEach((value, t) => expect(nested(weights)[0]![i]![t]).toBeCloseTo(value / sum, 12));
      const mean = [0, 1, 2].map((k) => scores.reduce((total, value, t) => total + (value / sum) * keys![0]![t]![k]!, 0));
      mean.forEach((value, k) => expect(nested(context)[0]![i]![k]).toBeCloseTo(value, 12));
    });
  });

  test('does not see what was filled up', () => {
    const layer = made();
    const short = layer.attend(query(), slice(steps(), [null, { end: 2 }]));
    const padded = slice(steps(), [null, { end: 2 }]);
    const filled = concat([padded, full([1, 2, 3], NaN)], 1);
    expect([...layer.attend(query(), filled, [2]).context.dataSync()]).toEqual([...short.context.dataSync()]);
    expect(() => layer.attend(query(), steps(), [5])).toThrow(
      'sequenceAttention: lengths: sequence 0 has 5; a length is an integer from 1 to 4',
    );
  });

  test('has the gradients that differences say', async () => {
    const layer = made();
    const cells = parametersOf(layer).map(({ cell }) => cell);
    await checkGradients((q: Tensor, m: Tensor) => layer.call([q, m]), [query(), steps(), ...cells], { elements: 4, second: true });
  });
});

test('attention refuses what does not fit', () => {
  const layer = sequenceAttention({ score: 'dot' });
  expect(() => layer.build([[2, 3], [4, 5]])).toThrow('the score dot takes as many features of the queries as of the memory, got 3 and 5'); // prettier-ignore
  expect(() => layer.build([3] as never)).toThrow(
    'sequenceAttention: build: inputShape: expected the shapes of the queries and of the memory',
  );
  expect(() => layer.call([])).toThrow('sequenceAttention: call: expected a list of queries, memory and lengths');
  expect(() => sequenceAttention({ score: 'dott' as never })).toThrow('did you mean dot?');
});

const DIGITS = 10;
const [START, LENGTH] = [DIGITS, 4];

/** Digits, and the same digits sorted, with the start before them. */
function sortingTask(count: number, seed: number): { source: Int32Array; target: Int32Array; input: Int32Array } {
  const random = new RandomStream(randomKey(seed));
  const source = Int32Array.from({ length: count * LENGTH }, () => random.below(DIGITS));
  const target = new Int32Array(source.length);
  const input = new Int32Array(source.length);
  for (let row = 0; row < count; row++) {
    const [begin, end] = [row * LENGTH, (row + 1) * LENGTH];
    target.set(source.slice(begin, end).sort(), begin);
    input.set([START, ...target.slice(begin, end - 1)], begin);
  }
  return { source, target, input };
}

describe('a model from sequences to sequences', () => {
  test.each(['bahdanau', 'luong', 'none'] as const)(
    'with attention %s gives the shape that build announced, and its gradients',
    async (attention) => {
      const model = seq2seq({
        sourceTokens: 5,
        targetTokens: 6,
        units: 2,
        embedding: 2,
        attention,
        cell: attention === 'luong' ? 'gru' : 'lstm',
      });
      expect(model.build([[3], [4]], 1)).toEqual([4, 6]); // prettier-ignore
      const x = [tensor([[0, 1, 2], [3, 4, 0]], { dtype: 'int32' }), tensor([[5, 1, 2, 3], [5, 4, 0, 1]], { dtype: 'int32' }), tensor([3, 2], { dtype: 'int32' })]; // prettier-ignore
      expect(model.call(x, new Context()).shape).toEqual([2, 4, 6]);
      const cells = parametersOf(model).map(({ cell }) => cell);
      await checkGradients(() => model.call(x, new Context()), cells, { elements: 2 });
    },
  );

  test('sorts digits that it never saw, greedily and by beam search, and leaves no memory behind', async () => {
    const backend = use(await cpu());
    const model = seq2seq({ sourceTokens: DIGITS, targetTokens: DIGITS + 1, units: 64, embedding: 16, attention: 'luong', cell: 'gru' });
    model.build([[LENGTH], [LENGTH]], 1); // prettier-ignore
    const parameters = parametersOf(model).map(({ cell }) => cell);
    const optimizer = adam({ learningRate: 0.01 });
    for (let step = 0; step < 160; step++) {
      const { source, target, input } = sortingTask(64, step + 10);
      scope(() => {
        const ids = (data: Int32Array): Tensor => tensor(data, { shape: [64, LENGTH] });
        const { gradients } = valueAndGrad(() => sequenceCrossEntropy(model.call([ids(source), ids(input)]), ids(target)), parameters);
        optimizer.step(parameters, gradients);
      });
    }
    const { source, target } = sortingTask(20, 1);
    let [greedy, beams] = [0, 0];
    const before = memory().tensors;
    for (let row = 0; row < 20; row++) {
      const [from, wanted] = [source, target].map((data) => data.slice(row * LENGTH, (row + 1) * LENGTH));
      const right = async (width: number): Promise<number> => {
        const [best] = await model.translate(from!, { start: START, length: LENGTH, width });
        return best!.tokens.join() === wanted!.join() ? 1 : 0;
      };
      greedy += await right(1);
      beams += await right(3);
    }
    expect(memory().tensors).toBe(before);
    expect(greedy).toBeGreaterThan(14); // of 20; 0.03 of them would be right by chance
    expect(beams).toBeGreaterThanOrEqual(greedy - 1);
    await backend.close();
  });

  test('refuses what it cannot take', async () => {
    const model = seq2seq({ sourceTokens: 5, targetTokens: 6, units: 2 });
    expect(() => model.build([3] as never)).toThrow('seq2seq: build: inputShape: expected the shapes of source and target');
    model.build([[3], [3]]); // prettier-ignore
    expect(() => model.call([])).toThrow('seq2seq: call: expected a list of source, target and lengths');
    await expect(model.translate([], { start: 5, length: 2 })).rejects.toThrow('translate: expected the tokens of a source');
    await expect(model.translate([1], { length: 2 } as never)).rejects.toThrow('translate: start');
    await expect(model.translate([9], { start: 5, length: 2 })).rejects.toThrow('embedding: id 9');
    expect(() => seq2seq({ sourceTokens: 5 } as never)).toThrow('seq2seq: targetTokens');
  });
});

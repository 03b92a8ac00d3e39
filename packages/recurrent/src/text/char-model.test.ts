// A model of characters learns a text, and writes on.

import { cpu } from '@sinapse/backend-cpu';
import type { Backend } from '@sinapse/core';
import { Context, parametersOf, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { adam } from '@sinapse/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { charModel, decodeText, encodeText, sequenceCrossEntropy, textWindows, vocabularyOf } from '../index.ts';
import type { CharModel } from '../index.ts';

let backend: Backend;
beforeAll(async () => void (backend = use(await cpu())));
afterAll(() => backend.close());

const verse = 'the sea is wide, the sea is deep, and all the ships are fast asleep. ';
const text = verse.repeat(12);
const vocabulary = vocabularyOf(text);

/** Trains on all windows at once. Returns the loss of the last step. */
function train(model: CharModel, steps: number): number {
  const { x, y } = textWindows(text, vocabulary, { length: 32, stride: 11 });
  const parameters = parametersOf(model).map(({ cell }) => cell);
  const optimizer = adam({ learningRate: 0.01 });
  let last = Infinity;
  for (let step = 0; step < steps; step++) {
    scope(() => {
      const [inputs, labels] = [tensor(x.data, { shape: x.shape }), tensor(y.data, { shape: y.shape })];
      const context = new Context({ training: true, seed: step });
      const { value, gradients } = valueAndGrad(() => sequenceCrossEntropy(model.call(inputs, context), labels), parameters);
      optimizer.step(parameters, gradients);
      last = value.dataSync()[0]!;
    });
  }
  return last;
}

describe('text', () => {
  test('becomes numbers and comes back, without the characters that are unknown', () => {
    expect(vocabularyOf('banana')).toEqual(['\uFFFD', 'a', 'b', 'n']);
    const { ids, unknown } = encodeText('band 🎉', vocabularyOf('banana'));
    expect([...ids]).toEqual([2, 1, 3, 0, 0, 0]);
    expect(unknown).toEqual(['d', ' ', '🎉']);
    expect(decodeText(ids, vocabularyOf('banana'))).toBe('ban\uFFFD\uFFFD\uFFFD');
    expect(() => decodeText([9], vocabularyOf('banana'))).toThrow('decodeText: 9 is not in the vocabulary of 4 characters');
    expect(() => encodeText('x', ['a'])).toThrow('encodeText: vocabulary: expected a list of characters, as vocabularyOf(text) gives it');
  });
  test('is cut into pieces, each with what follows', () => {
    const { x, y } = textWindows('banana', vocabularyOf('banana'), { length: 2, stride: 1 });
    expect(x.shape).toEqual([4, 2]);
    expect([...x.data]).toEqual([2, 1, 1, 3, 3, 1, 1, 3]);
    expect([...y.data]).toEqual([1, 3, 3, 1, 1, 3, 3, 1]);
    expect(() => textWindows('ban', vocabularyOf('ban'), { length: 3 })).toThrow('textWindows: a piece takes 4 characters, the text has 3');
  });
});

test('the loss of a sequence leaves out what is only filled up', () => {
  const logits = tensor([[[1, 2, 0], [0, 0, 0]], [[3, 0, 0], [5, 5, 5]]]); // prettier-ignore
  const loss = (labels: number[][]) => sequenceCrossEntropy(logits, tensor(labels, { dtype: 'int32' })).dataSync()[0]!;
  const [first, third] = [Math.log(Math.E + Math.E ** 2 + 1) - 2, Math.log(Math.E ** 3 + 2) - 3];
  expect(loss([[1, -1], [0, -1]])).toBeCloseTo((first + third) / 2, 6); // prettier-ignore
  expect(loss([[1, 2], [-1, -1]])).toBeCloseTo((first + Math.log(3)) / 2, 6); // prettier-ignore
  expect(() => loss([[1], [0]])).toThrow('takes logits [batch, time, classes] and labels [batch, time], got [2,2,3] and [2,1]');
});

describe('a model of characters', () => {
  let model: CharModel;
  let loss: number;
  beforeAll(() => {
    model = charModel({ vocabulary, units: 48, embedding: 12 });
    model.build([32], 1);
    loss = train(model, 120);
  });

  test('learns a text to a perplexity below 1.25, where guessing gives that of all its characters', () => {
    expect(vocabulary.length).toBeGreaterThan(15);
    expect(scope(() => model.call(tensor(Int32Array.of(1, 2), { shape: [1, 2] })).shape)).toEqual([1, 2, vocabulary.length]);
    expect(Math.exp(loss)).toBeLessThan(1.25);
  });
  test('goes on with a prompt in the words of the text', async () => {
    const { text: written, unknown } = await model.generate('the s', { length: 100, temperature: 0.5, seed: 1 });
    expect(unknown).toEqual([]);
    expect(written).toHaveLength(105);
    const words = new Set(verse.split(/[^a-z]+/));
    expect(written.split(/[^a-z]+/).slice(0, -1).filter((word) => !words.has(word))).toEqual([]); // prettier-ignore
  });
  test('writes the same with the same seed, and the likeliest at temperature 0', async () => {
    const write = async (options: object) => (await model.generate('all', { length: 40, ...options })).text;
    expect(await write({ temperature: 2, seed: 3 })).toBe(await write({ temperature: 2, seed: 3 }));
    expect(await write({ temperature: 2, seed: 3 })).not.toBe(await write({ temperature: 2, seed: 4 }));
    expect(await write({ temperature: 0, seed: 3 })).toBe(await write({ topK: 1, seed: 9 }));
  });
  test('says which characters of a prompt it never saw', async () => {
    const { text: written, unknown } = await model.generate('the 7 seaß', { length: 3, seed: 1 });
    expect(unknown).toEqual(['7', 'ß']);
    expect(written).toMatch(/^the \uFFFD sea\uFFFD[^\uFFFD]{3}$/);
    await expect(model.generate('')).rejects.toThrow('generate: the prompt must have at least one character');
    await expect(model.generate('a', { length: 0 })).rejects.toThrow('generate: length: expected an integer >= 1, got 0');
  });
  test('leaves no memory behind', async () => {
    const { memory } = await import('@sinapse/core');
    await model.generate('the', { length: 5 });
    const before = memory().tensors;
    await model.generate('the', { length: 5 });
    expect(memory().tensors).toBe(before);
  });
});

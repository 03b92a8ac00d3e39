// A wrong argument is named in one line before anything runs. TypeScript would refuse most of them.

import { SinapseError, tensor, use } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { batch, batches, bitsOf, crossEntropy, Linear, Momentum } from '../test/tiny.ts';
import type { Batch, FitOptions } from './index.ts';
import { classify, evaluate, fit, predict } from './index.ts';

use(poisoned()); // at module level, since the lists below hold tensors

const good = batch([[1, 2], [3, 4]], [0, 1]); // prettier-ignore
const options = (): FitOptions => ({ optimizer: new Momentum(), loss: crossEntropy, epochs: 1, seed: 5 });
const odd = (value: unknown) => value as never;

async function lineOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => expect.unreachable('expected an error'),
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).not.toContain('\n');
  return error.message;
}

describe('fit', () => {
  const model = new Linear(2, 2);
  const data = batches(good);

  test.each<[string, unknown[], string]>([
    ['no model', [undefined, data, options()], 'fit: the model: expected a model with call(x, context), got undefined'],
    ['a promise of a model', [Promise.resolve(model), data, options()], 'fit: the model: expected a model with call(x, context), got a promise (await it)'],
    ['no data', [model, undefined, options()], 'fit: the data: expected a source of batches with iterate({ epoch }), e.g. dataset.batch(32), got undefined'],
    ['a list as data', [model, [good], options()], 'fit: the data: expected a source of batches with iterate({ epoch }), e.g. dataset.batch(32), got an array'],
    ['a tensor as data', [model, tensor([1]), options()], 'e.g. dataset.batch(32), got a float32 tensor'],
    ['no options', [model, data], 'fit: options: expected an object, got undefined'],
    ['no optimizer', [model, data, { ...options(), optimizer: undefined }], 'fit: optimizer: expected an optimizer with step(parameters, gradients), e.g. adam(), got undefined'],
    ['the name of an optimizer', [model, data, { ...options(), optimizer: 'adam' }], 'e.g. adam(), got "adam"'],
    ['an optimizer that was not made', [model, data, { ...options(), optimizer: () => 1 }], 'e.g. adam(), got a function'],
    ['no loss', [model, data, { ...options(), loss: undefined }], 'fit: loss: expected a function of the output and the target, e.g. softmaxCrossEntropy, got undefined'],
    ['no epochs', [model, data, { ...options(), epochs: undefined }], 'fit: epochs: expected an integer >= 1, got undefined'],
    ['odd validation data', [model, data, { ...options(), validation: 0.2 }], 'fit: validation: expected a source of batches'],
    ['odd metrics', [model, data, { ...options(), metrics: ['accuracy'] }], 'fit: metrics: expected metrics by name, got ["accuracy"]'],
    ['an odd metric', [model, data, { ...options(), metrics: { top5: 5 } }], 'fit: the metric top5: expected a function of the output and the target, or a metric such as f1(), got 5'],
    ['one callback', [model, data, { ...options(), callbacks: { onStep() {} } }], 'fit: callbacks: expected a list, got an object'],
    ['a function as callback', [model, data, { ...options(), callbacks: [{ onStep() {} }, () => {}] }], 'fit: callbacks[1]: expected an object with onStart, onStep, onEpoch or onStop, got a function'],
    ['a callback of no known event', [model, data, { ...options(), callbacks: [{ onEpochEnd() {} }] }], 'fit: callbacks[0]: expected an object with onStart, onStep, onEpoch or onStop, got an object'],
    ['an unknown option', [model, data, { ...options(), epoch: 3 }], 'fit: epoch is no option; did you mean epochs?'],
    ['an odd seed', [model, data, { ...options(), seed: -1 }], 'fit: seed: expected an integer from 0 to 2^53 - 1, got -1'],
    ['a controller as signal', [model, data, { ...options(), signal: new AbortController() }], 'fit: signal: expected an AbortSignal, got an object'],
    ['a path to resume', [model, data, { ...options(), resume: 'run.checkpoint' }], 'fit: resume: expected a checkpoint, as loadCheckpoint and decodeCheckpoint return it, got "run.checkpoint"'],
    ['a promise to resume', [model, data, { ...options(), resume: Promise.resolve({}) }], 'return it, got a promise (await it)'],
  ])('%s', async (_, args, message) => {
    const bits = bitsOf(model);
    expect(await lineOf(fit(...(args as Parameters<typeof fit>)))).toContain(message);
    expect(bitsOf(model)).toEqual(bits);
  }); // prettier-ignore

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'epoch 1, step 1: expected a batch, { x, y }, got undefined'],
    ['no x', { y: good.y }, 'epoch 1, step 1: x: expected a tensor, or { data, shape } with a Float32Array, Int32Array or Uint8Array, got undefined; Dataset.from(examples).batch(size) makes such batches'],
    ['arrays', { x: [[1, 2]], y: [0] }, 'Float32Array, Int32Array or Uint8Array, got [[1,2]]; Dataset.from'],
    ['a tensor without a batch axis', { x: tensor(1), y: good.y }, 'x has no batch axis'],
    ['plain numbers', { x: { data: [1, 2], shape: [1, 2] }, y: good.y }, 'Uint8Array, got an object'],
    ['one example', { x: { data: new Float32Array(2), shape: [2] }, y: { data: Int32Array.of(1), shape: [] } }, 'y has no batch axis; its shape must be [batch, ...] (a dataset of examples needs .batch(size))'],
  ])('a batch of %s', async (_, value, message) => {
    expect(await lineOf(fit(model, batches(value as Batch), options()))).toContain(message);
    expect(await lineOf(evaluate(model, batches(value as Batch), { loss: crossEntropy }))).toMatch(/^evaluate: batch 1: /);
  }); // prettier-ignore
});

test('evaluate', async () => {
  const [model, data] = [new Linear(2, 2), batches(good)];
  expect(await lineOf(evaluate(odd(null), data, { loss: crossEntropy }))).toBe('evaluate: the model: expected a model with call(x, context), got null');
  expect(await lineOf(evaluate(model, odd({}), { loss: crossEntropy }))).toContain('dataset.batch(32), or all examples, { x, y }, got an object');
  expect(await lineOf(evaluate(model, { x: [[1, 2]], y: [0, 1] }, { loss: crossEntropy }))).toBe('evaluate: x has 1 examples, y has 2');
  expect(await lineOf(evaluate(model, data, odd(undefined)))).toBe('evaluate: options: expected an object, got undefined');
  expect(await lineOf(evaluate(model, data, odd({ loss: 'mse' })))).toContain('evaluate: loss: expected a function');
}); // prettier-ignore

test('predict and classify', async () => {
  const model = new Linear(2, 2);
  expect(await lineOf(predict(odd(undefined), tensor([[1, 2]])))).toContain('predict: the model: expected a model');
  expect(await lineOf(predict(model, odd([[]])))).toBe(
    'predict: x: expected a tensor [batch, ...], { data, shape } or rows of numbers, or a source of batches, e.g. dataset.batch(32), got [[]]',
  );
  expect(await lineOf(predict(model, [[1, 2], [3]]))).toBe('predict: x: example 1 has a row of 1, where example 0 has one of 2'); // prettier-ignore
  expect(await lineOf(predict(model, [[1, NaN]]))).toBe('predict: x: example 0 holds NaN; leave out or replace what is missing');
  expect(await lineOf(classify(model, odd([['ant']])))).toContain('classify: x: example 0 is "ant"; texts are given as numbers');
  expect(await lineOf(classify(model, odd(undefined)))).toBe(
    'classify: x: expected a tensor [batch, ...], { data, shape } or rows of numbers, got undefined',
  );
});

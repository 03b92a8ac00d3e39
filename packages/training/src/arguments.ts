// Checks the arguments of fit, evaluate and predict before anything runs, for callers without TypeScript.

import type { Check, Model, Tensor } from '@sinapse/core';
import { check, isTensor } from '@sinapse/core';
import type { BatchSource } from './batch.ts';
import { checkArgument } from './errors.ts';
import type { FitOptions } from './fit-options.ts';

const model = withMethod('call', 'a model with call(x, context)');
const source = withMethod('iterate', 'a source of batches with iterate({ epoch }), e.g. dataset.batch(32)');
const optimizer = withMethod('step', 'an optimizer with step(parameters, gradients), e.g. adam()');
const signals = withMethod('addEventListener', 'an AbortSignal');
const list: Check = { expected: 'a list', accepts: Array.isArray };
const measure: Check = { ...check.callable, expected: 'a function of the output and the target' };
const lossFunction: Check = { ...measure, expected: `${measure.expected}, e.g. softmaxCrossEntropy` };
const checkpoint: Check = {
  expected: 'a checkpoint, as loadCheckpoint and decodeCheckpoint return it',
  accepts: (value) => isObject(value) && 'weights' in value,
};

/** @throws TrainingError unless `fit` takes all three arguments */
export function checkFitArguments(trained: Model, data: BatchSource, options: FitOptions): void {
  checkArgument('fit: the model', trained, model);
  checkArgument('fit: the data', data, source);
  checkArgument('fit: the options', options, object('an object, { optimizer, loss, epochs, seed }'));
  const { validation, callbacks, signal, resume } = options;
  checkArgument('fit: optimizer', options.optimizer, optimizer);
  checkLoss('fit', options.loss, options.metrics);
  if (validation !== undefined) checkArgument('fit: validation', validation, source);
  if (callbacks !== undefined) {
    checkArgument('fit: callbacks', callbacks, list);
    const callback = object('an object with onStart, onStep, onEpoch or onStop');
    callbacks.forEach((given: unknown, i) => checkArgument(`fit: callbacks[${i}]`, given, callback));
  }
  if (signal !== undefined) checkArgument('fit: signal', signal, signals);
  if (resume !== undefined) checkArgument('fit: resume', resume, checkpoint);
}

/** @throws TrainingError unless `evaluate` takes all three arguments */
export function checkEvaluateArguments(
  evaluated: Model,
  data: BatchSource,
  options: Pick<FitOptions, 'loss' | 'metrics' | 'signal'>,
): void {
  checkArgument('evaluate: the model', evaluated, model);
  checkArgument('evaluate: the data', data, source);
  checkArgument('evaluate: the options', options, object('an object, { loss }'));
  checkLoss('evaluate', options.loss, options.metrics);
  if (options.signal !== undefined) checkArgument('evaluate: signal', options.signal, signals);
}

/** @throws TrainingError unless `asked` is a model and `x` a tensor */
export function checkInput(name: string, asked: Model, x: Tensor): void {
  checkArgument(`${name}: the model`, asked, model);
  checkArgument(`${name}: x`, x, { expected: 'a tensor [batch, ...]', accepts: isTensor });
}

function checkLoss(name: string, loss: unknown, metrics: unknown): void {
  checkArgument(`${name}: loss`, loss, lossFunction);
  if (metrics === undefined) return;
  checkArgument(`${name}: metrics`, metrics, object('functions by name'));
  for (const [metric, value] of Object.entries(metrics as object)) checkArgument(`${name}: the metric ${metric}`, value, measure);
}

function object(expected: string): Check {
  return { expected, accepts: isObject };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('then' in value);
}

function withMethod(method: string, expected: string): Check {
  return {
    expected,
    accepts: (value) => typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function',
  };
}

// What callers pass, looked at before anything is done: where there is no TypeScript to say it, a line says what is expected.

import type { Model, Tensor } from '@sinapse/core';
import { isTensor } from '@sinapse/core';
import type { BatchSource } from './batch.ts';
import { quote, TrainingError } from './errors.ts';
import type { EvaluateOptions } from './evaluate.ts';
import type { FitOptions } from './fit.ts';

/**
 * @throws TrainingError unless all three are what `fit` takes
 */
export function checkFitArguments(model: Model, data: BatchSource, options: FitOptions): void {
  checkModel('fit', model);
  checkSource('fit: the data', data);
  expected('fit: the options', 'an object, { optimizer, loss, epochs, seed }', options, isObject(options));
  const { optimizer, loss, validation, metrics, callbacks, signal, resume } = options;
  expected('fit: optimizer', 'an optimizer with step(parameters, gradients), e.g. adam()', optimizer, has(optimizer, 'step'));
  checkLoss('fit', loss, metrics);
  if (validation !== undefined) checkSource('fit: validation', validation);
  if (callbacks !== undefined) {
    expected('fit: callbacks', 'a list', callbacks, Array.isArray(callbacks));
    callbacks.forEach((callback: unknown, i) => {
      expected(`fit: callbacks[${i}]`, 'an object with onStart, onStep, onEpoch or onStop', callback, isObject(callback));
    });
  }
  checkSignal('fit', signal);
  if (resume !== undefined)
    expected(
      'fit: resume',
      'a checkpoint, as loadCheckpoint and decodeCheckpoint return it',
      resume,
      isObject(resume) && 'weights' in resume,
    );
}

/**
 * @throws TrainingError unless all three are what `evaluate` takes
 */
export function checkEvaluateArguments(model: Model, data: BatchSource, options: EvaluateOptions): void {
  checkModel('evaluate', model);
  checkSource('evaluate: the data', data);
  expected('evaluate: the options', 'an object, { loss }', options, isObject(options));
  checkLoss('evaluate', options.loss, options.metrics);
  checkSignal('evaluate', options.signal);
}

/**
 * @throws TrainingError unless there is a model and a tensor
 */
export function checkInput(name: string, model: Model, x: Tensor): void {
  checkModel(name, model);
  expected(`${name}: x`, 'a tensor [batch, ...]', x, isTensor(x));
}

function checkModel(name: string, model: unknown): void {
  expected(`${name}: the model`, 'a model with call(x, context)', model, has(model, 'call'));
}

function checkSource(name: string, source: unknown): void {
  expected(name, 'a source of batches with iterate({ epoch }), e.g. dataset.batch(32)', source, has(source, 'iterate'));
}

function checkLoss(name: string, loss: unknown, metrics: unknown): void {
  expected(`${name}: loss`, 'a function of the output and the target, e.g. softmaxCrossEntropy', loss, typeof loss === 'function');
  if (metrics === undefined) return;
  expected(`${name}: metrics`, 'functions by name', metrics, isObject(metrics));
  for (const [metric, value] of Object.entries(metrics as object))
    expected(`${name}: the metric ${metric}`, 'a function of the output and the target', value, typeof value === 'function');
}

function checkSignal(name: string, signal: unknown): void {
  if (signal !== undefined) expected(`${name}: signal`, 'an AbortSignal', signal, has(signal, 'addEventListener'));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPromise(value);
}

function has(value: unknown, method: string): boolean {
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** @throws TrainingError unless it holds */
function expected(name: string, what: string, value: unknown, holds: boolean): void {
  if (!holds) throw new TrainingError(`${name}: expected ${what}, got ${shown(value)}`);
}

/** What a value is, in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'function') return 'a function';
  if (isPromise(value)) return 'a promise (await it)';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || value === null) return String(value);
  return isTensor(value) ? 'a tensor' : 'another object';
}

// Checks the arguments of fit, evaluate and predict before anything runs, for callers without TypeScript.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, isTensor } from '@sinapse/core';
import { isHostArray } from './batch.ts';
import { isAccumulated } from './metrics/accumulated-metric.ts';
import { CHECKPOINT } from './checkpoint/contents.ts';
import type { EvaluateOptions, FitOptions } from './fit-options.ts';

export const MODEL: Check = withMethod('call', 'a model with call(x, context)');
export const SOURCE: Check = withMethod('iterate', 'a source of batches with iterate({ epoch }), e.g. dataset.batch(32)');
const OPTIMIZER = withMethod('step', 'an optimizer with step(parameters, gradients), e.g. adam()');
const SIGNAL = withMethod('addEventListener', 'an AbortSignal');
const LIST: Check = { expected: 'a list', accepts: Array.isArray };
const MEASURE: Check = { ...check.callable, expected: 'a function of the output and the target' };
const LOSS: Check = check.required({ ...MEASURE, expected: `${MEASURE.expected}, e.g. softmaxCrossEntropy` });
const METRIC: Check = {
  expected: `${MEASURE.expected}, or a metric such as f1()`,
  accepts: (value) => MEASURE.accepts(value) || isAccumulated(value),
};
const METRICS: Check = { expected: 'metrics by name', accepts: isObject };
const HOOKS = ['onStart', 'onStep', 'onEpoch', 'onStop', 'pausesAfter', 'wantsGradients', 'onGradients', 'capture', 'restore'];
const CALLBACK: Check = {
  expected: 'an object with onStart, onStep, onEpoch or onStop',
  accepts: (value) => isObject(value) && HOOKS.some((hook) => hook in value),
};

const FIT: OptionChecks<FitOptions<never, never, never>> = {
  optimizer: check.required(OPTIMIZER),
  loss: LOSS,
  epochs: check.required(check.count),
  seed: { expected: 'an integer from 0 to 2^53 - 1', accepts: check.integer(0, Number.MAX_SAFE_INTEGER).accepts },
  validation: SOURCE,
  metrics: METRICS,
  callbacks: LIST,
  signal: SIGNAL,
  resume: CHECKPOINT,
  fingerprint: { expected: 'an object of JSON values', accepts: isObject },
};

const EVALUATE: OptionChecks<EvaluateOptions<never, never, never>> = { loss: LOSS, metrics: METRICS, classes: check.count, signal: SIGNAL };

/** @throws SinapseError unless `fit` takes all three arguments */
export function checkFitArguments(
  model: unknown,
  data: unknown,
  options: Pick<FitOptions, 'callbacks'> & { readonly metrics?: object },
): void {
  checkValue('fit: the model', model, MODEL);
  checkValue('fit: the data', data, SOURCE);
  checkOptions('fit', options, FIT);
  checkMetrics('fit', options.metrics);
  checkNumbers(options.metrics);
  options.callbacks?.forEach((callback: unknown, i) => checkValue(`fit: callbacks[${i}]`, callback, CALLBACK));
}

/** @throws SinapseError unless `evaluate` takes all three arguments */
export function checkEvaluateArguments(model: unknown, data: unknown, options: { readonly metrics?: object }): void {
  checkValue('evaluate: the model', model, MODEL);
  checkValue('evaluate: the data', data, SOURCE);
  checkOptions('evaluate', options, EVALUATE);
  checkMetrics('evaluate', options.metrics);
}

const INPUT: Check = { expected: 'a tensor [batch, ...] or { data, shape }', accepts: (value) => isTensor(value) || isHostArray(value) };
const INPUTS: Check = {
  expected: `${INPUT.expected}, or a source of batches, e.g. dataset.batch(32)`,
  accepts: (value) => isInputTree(value) || SOURCE.accepts(value),
};

/** Whether a value is an input, or inputs in lists and objects. */
function isInputTree(value: unknown, depth = 0): boolean {
  if (INPUT.accepts(value)) return true;
  if (typeof value !== 'object' || value === null || depth === 16) return false;
  const items: unknown[] = Object.values(value);
  return items.length > 0 && items.every((item) => isInputTree(item, depth + 1));
}

/** @throws SinapseError unless `predict` takes both arguments */
export function checkPredictArguments(model: unknown, x: unknown): void {
  checkValue('predict: the model', model, MODEL);
  checkValue('predict: x', x, INPUTS);
}

/** @throws SinapseError unless `classify` takes both arguments */
export function checkClassifyArguments(model: unknown, x: unknown): void {
  checkValue('classify: the model', model, MODEL);
  checkValue('classify: x', x, INPUT);
}

function checkMetrics(owner: string, metrics: object | undefined): void {
  for (const [metric, value] of Object.entries(metrics ?? {})) checkValue(`${owner}: the metric ${metric}`, value, METRIC);
}

/** Checks that every metric gives one number, which a history holds. */
function checkNumbers(metrics: object | undefined): void {
  for (const [name, metric] of Object.entries(metrics ?? {})) {
    if (isAccumulated(metric) && typeof metric.result(metric.start()) !== 'number')
      throw new SinapseError(`fit: the metric ${name} gives more than one number; give it to evaluate instead`);
  }
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

// Checks the arguments of fit, evaluate and predict before anything runs, for callers without TypeScript.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, isTensor } from '@sinapse/core';
import { isHostArray } from './batch.ts';
import type { Callback } from './callback.ts';
import { TrainingError } from './errors.ts';
import { CLASS_WEIGHTS } from './example-weights.ts';
import { isAccumulated } from './metrics/accumulated-metric.ts';
import { CHECKPOINT } from './checkpoint/contents.ts';
import type { EvaluateOptions, FitOptions, StepFitOptions } from './fit-options.ts';
import { isOptimizer } from './learner.ts';

export const MODEL: Check = withMethod('call', 'a model with call(x, context)');
export const SOURCE: Check = withMethod('iterate', 'a source of batches with iterate({ epoch }), e.g. dataset.batch(32)');
const EVALUATION_DATA: Check = {
  expected: `${SOURCE.expected}, or all examples, { x, y }`,
  accepts: (value) => SOURCE.accepts(value) || (isObject(value) && 'x' in value && 'y' in value),
};
const OPTIMIZER = withMethod('step', 'an optimizer with step(parameters, gradients), e.g. adam()');
const SIGNAL = withMethod('addEventListener', 'an AbortSignal');
const PARTS: Check = { expected: 'a model, or an object of models', accepts: isObject };
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

/** The checks of the options of `fit`. */
export const FIT: OptionChecks<FitOptions<never, never, never>> = {
  optimizer: check.required(OPTIMIZER),
  loss: LOSS,
  epochs: check.required(check.count),
  seed: { expected: 'an integer from 0 to 2^53 - 1', accepts: check.integer(0, Number.MAX_SAFE_INTEGER).accepts },
  validation: SOURCE,
  metrics: METRICS,
  classWeights: CLASS_WEIGHTS,
  callbacks: LIST,
  signal: SIGNAL,
  resume: CHECKPOINT,
  fingerprint: { expected: 'an object of JSON values', accepts: isObject },
};

const { classWeights: _, ...STEP_OPTIONS } = FIT;

const STEP_FIT: OptionChecks<StepFitOptions> = {
  ...STEP_OPTIONS,
  step: check.required({ expected: 'a function of a batch and the tools of a step', accepts: check.callable.accepts }),
  optimizer: check.required({ expected: `${OPTIMIZER.expected}, or one for each part by name`, accepts: isObject }),
  loss: MEASURE,
};

const EVALUATE: OptionChecks<EvaluateOptions<never, never, never>> = { loss: LOSS, metrics: METRICS, classes: check.count, signal: SIGNAL };

/** The options of either form of `fit`, as far as the checks look at them. */
interface AnyFitOptions extends Pick<FitOptions, 'callbacks'> {
  readonly step?: unknown;
  readonly optimizer: object;
  readonly loss?: unknown;
  readonly validation?: unknown;
  readonly metrics?: object;
}

/** @throws SinapseError unless `fit` takes all three arguments */
export function checkFitArguments(model: unknown, data: unknown, options: AnyFitOptions): void {
  const hasStep = isObject(options) && options.step !== undefined;
  const measures = !hasStep || options.validation !== undefined;
  checkValue('fit: the model', model, measures ? MODEL : PARTS);
  checkValue('fit: the data', data, SOURCE);
  checkOptions('fit', options, hasStep ? STEP_FIT : FIT);
  if (hasStep && !measures && options.loss !== undefined)
    throw new SinapseError('fit: loss beside step is that of the validation, and there is none; the step has its own');
  if (hasStep && measures) checkValue('fit', options.loss, { ...LOSS, expected: `${MEASURE.expected}, for the validation` }, 'loss');
  if (!isOptimizer(options.optimizer))
    for (const [name, optimizer] of Object.entries(options.optimizer)) checkValue(`fit: optimizer: ${name}`, optimizer, OPTIMIZER);
  checkMetrics('fit', options.metrics);
  checkNumbers(options.metrics);
  options.callbacks?.forEach((callback: unknown, i) => checkValue(`fit: callbacks[${i}]`, callback, CALLBACK));
}

/** @throws SinapseError unless `evaluate` takes all three arguments */
export function checkEvaluateArguments(model: unknown, data: unknown, options: { readonly metrics?: object }): void {
  checkValue('evaluate: the model', model, MODEL);
  checkValue('evaluate: the data', data, EVALUATION_DATA);
  checkOptions('evaluate', options, EVALUATE);
  checkMetrics('evaluate', options.metrics);
}

const INPUT: Check = {
  expected: 'a tensor [batch, ...], { data, shape } or rows of numbers',
  accepts: (value) => isArray(value) || isRows(value),
};
const INPUTS: Check = {
  expected: `${INPUT.expected}, or a source of batches, e.g. dataset.batch(32)`,
  accepts: (value) => isTreeOf(INPUT.accepts, value) || SOURCE.accepts(value),
};

function isArray(value: unknown): boolean {
  return isTensor(value) || isHostArray(value);
}

/** Whether a value is meant as rows of numbers or as a typed array. What is wrong in them is said when they are read. */
function isRows(value: unknown): boolean {
  return ArrayBuffer.isView(value) || (Array.isArray(value) && ['number', 'boolean', 'string'].includes(typeof firstIn(value)));
}

/** The first item of the first row, at whatever depth. */
function firstIn(rows: unknown): unknown {
  let first = rows;
  for (let depth = 0; depth < DEEPEST && (Array.isArray(first) || ArrayBuffer.isView(first)); depth++)
    first = (first as unknown as ArrayLike<unknown>)[0];
  return first;
}

/** The deepest nesting of inputs. */
const DEEPEST = 16;

/** Whether a value is an input as a tensor or an array with its shape, or such inputs in lists and objects. */
export function isInputTree(value: unknown): boolean {
  return isTreeOf(isArray, value);
}

function isTreeOf(isLeaf: (value: unknown) => boolean, value: unknown, depth = 0): boolean {
  if (isLeaf(value)) return true;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth === DEEPEST) return false;
  const items: unknown[] = Object.values(value);
  return items.length > 0 && items.every((item) => isTreeOf(isLeaf, item, depth + 1));
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
  for (const [metric, value] of Object.entries(metrics ?? {})) {
    checkValue(`${owner}: the metric ${metric}`, value, METRIC);
    if (isUncalled(value)) throw new SinapseError(`${owner}: the metric ${metric}: call it: ${(value as { name: string }).name}()`);
  }
}

/** Whether a value is a function that makes a metric, such as `f1`. A function of output and target has parameters. */
function isUncalled(value: unknown): boolean {
  if (typeof value !== 'function' || value.length > 0) return false;
  try {
    return isAccumulated((value as () => unknown)());
  } catch {
    return false;
  }
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

/** @throws TrainingError when a source says that it has no batches */
export function checkLength(length: number | undefined, name: string): void {
  if (length === 0) throw new TrainingError(`fit: the ${name} is empty`);
}

/** Checks that callbacks with a state have different names, under which checkpoints keep the states. */
export function checkNames(callbacks: readonly Callback[]): void {
  const names = new Set<string>();
  for (const callback of callbacks) {
    const { name } = callback;
    if (callback.capture === undefined) continue;
    if (name === undefined) throw new TrainingError('fit: a callback with a state to capture needs a name');
    if (names.has(name)) throw new TrainingError(`fit: two callbacks have the name ${name}`);
    names.add(name);
  }
}

// Converts a training's progress to JSON and back. Sums are float64, of which JSON keeps every bit.

import type { EpochResult } from '../epoch-result.ts';
import { TrainingError } from '../errors.ts';
import type { Json } from '../json.ts';
import { JsonObject, numberToJson } from '../json.ts';
import type { RunningSums } from '../running.ts';
import type { Progress } from './contents.ts';

export function progressToJson(progress: Progress): Record<string, Json> {
  const { engine, seed, steps, batchSize, fingerprint, epoch, step, globalStep, running, seconds, history } = progress;
  return {
    engine,
    seed,
    ...(steps !== undefined && { steps }),
    ...(batchSize !== undefined && { batchSize }),
    fingerprint,
    epoch,
    step,
    globalStep,
    running: {
      ...running,
      loss: numberToJson(running.loss),
      metrics: numbersToJson(running.metrics),
      accumulated: Object.fromEntries(Object.entries(running.accumulated).map(([name, sums]) => [name, sums.map(numberToJson)])),
    },
    seconds,
    history: history.map(resultToJson),
  };
}

/** @throws TrainingError when a member is missing or invalid */
export function progressFromJson(state: JsonObject): Progress {
  const fingerprint = state.object('fingerprint');
  const running = state.object('running');
  const progress: Progress = {
    engine: state.string('engine'),
    seed: state.integer('seed', 0),
    ...(state.has('steps') && { steps: state.integer('steps', 1) }),
    ...(state.has('batchSize') && { batchSize: state.integer('batchSize', 1) }),
    fingerprint: Object.fromEntries(fingerprint.names().map((name) => [name, fingerprint.json(name)!])),
    epoch: state.integer('epoch', 1),
    step: state.integer('step', 0),
    globalStep: state.integer('globalStep', 0),
    running: runningFromJson(running),
    seconds: state.number('seconds'),
    history: state
      .list('history')
      .map((item, i) => resultFromJson(new JsonObject(item, `checkpoint: epoch ${i + 1} of the history`), i + 1)),
  };
  if (progress.history.length !== progress.epoch - 1)
    throw new TrainingError(`checkpoint: it stands in epoch ${progress.epoch}, but its history has ${progress.history.length} epochs`);
  if (progress.globalStep < progress.step)
    throw new TrainingError(`checkpoint: it has done ${progress.step} steps of this epoch, but ${progress.globalStep} in all`);
  return progress;
}

function runningFromJson(running: JsonObject): RunningSums {
  const accumulated = running.has('accumulated') ? running.object('accumulated') : undefined; // older checkpoints have none
  return {
    examples: running.integer('examples', 0),
    ...(running.has('weight') && { weight: running.number('weight') }),
    loss: running.number('loss'),
    correct: running.integer('correct', 0),
    labels: running.integer('labels', 0),
    metrics: running.object('metrics').numbers(),
    accumulated: Object.fromEntries((accumulated?.names() ?? []).map((name) => [name, accumulated!.numberList(name)])),
  };
}

/** The members of an epoch's result, in order: name, type, and whether it is always present. */
const MEMBERS = [
  ['loss', 'number', true],
  ['accuracy', 'number', false],
  ['metrics', 'numbers', false],
  ['valLoss', 'number', false],
  ['valAccuracy', 'number', false],
  ['valMetrics', 'numbers', false],
  ['seconds', 'number', true],
  ['examples', 'number', true],
  ['examplesPerSecond', 'number', true],
] as const;

function resultToJson(result: EpochResult): Json {
  const json: Record<string, Json> = { epoch: result.epoch };
  for (const [name] of MEMBERS) {
    const value = result[name];
    if (value !== undefined) json[name] = typeof value === 'number' ? numberToJson(value) : numbersToJson(value);
  }
  return json;
}

function resultFromJson(json: JsonObject, epoch: number): EpochResult {
  if (json.integer('epoch', 1) !== epoch)
    throw new TrainingError(`checkpoint: epoch ${epoch} of the history calls itself ${json.integer('epoch', 1)}`);
  const present = MEMBERS.filter(([name, , always]) => always || json.has(name));
  const members = present.map(([name, kind]) => [name, kind === 'number' ? json.number(name) : json.object(name).numbers()]);
  return { epoch, ...(Object.fromEntries(members) as Omit<EpochResult, 'epoch'>) };
}

function numbersToJson(numbers: Readonly<Record<string, number>>): Json {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, numberToJson(value)]));
}

// What may come before the training itself: the search for better settings, the test for a learning rate, the cross-validation.

import { walk } from '@sinapse/core';
import type { Callback } from '@sinapse/training';
import { createOptimizer } from '@sinapse/optimizers';
import { findLearningRate, kFold, randomSearch } from '@sinapse/training/selection';
import { trialLog } from '@sinapse/training/node';
import type { AutoFolder } from './auto-folder.ts';
import type { ChosenSettings } from './auto-settings.ts';
import { makeNetwork } from './network.ts';
import { measure } from './measure.ts';
import type { Parts, Problem } from './problem.ts';
import { trainNetwork } from './train-network.ts';

export interface Preparation {
  readonly problem: Problem;
  readonly folder: AutoFolder;
  readonly signal: AbortSignal;
  readonly deadline: number;
  /** Says what goes on. */
  readonly say: (event: string, text: string, values: Readonly<Record<string, unknown>>) => void;
}

/** Trials train for this share of the epochs. */
const TRIAL_SHARE = 1 / 4;

/**
 * Tries settings drawn at random, each with a short training, and keeps those of the lowest loss on the validation part. The trials are kept in
 * `search.jsonl`: an interrupted search goes on behind its last one.
 */
export async function searched(settings: ChosenSettings, { problem, folder, signal, deadline, say }: Preparation): Promise<ChosenSettings> {
  if (settings.search === undefined) return settings;
  const epochs = Math.max(2, Math.ceil(settings.epochs * TRIAL_SHARE));
  const at = settings.learningRate;
  const rates = { from: at / 10, to: at * 10, scale: 'log' } as const;
  const space = problem.kind === 'table' && settings.model === 'mlp'
    ? { learningRate: rates, hidden: [[16], [64], [64, 32], [128, 64]], dropout: [0, 0.2] }
    : { learningRate: rates, ...(problem.kind === 'images' && { augment: ['none', 'light', 'strong'] as const }) }; // prettier-ignore
  const withChoice = ({ learningRate, augment, ...network }: Record<string, unknown>): ChosenSettings => ({
    ...settings,
    learningRate: learningRate as number,
    ...(augment !== undefined && { augment: augment as ChosenSettings['augment'] }),
    ...(Object.keys(network).length > 0 && { modelOptions: { ...settings.modelOptions, ...network } }),
  });
  const objective = async (parameters: Record<string, unknown>): Promise<number> => {
    const tried = { ...withChoice(parameters), epochs };
    const network = await makeNetwork(problem, tried, settings.seed);
    const { train, validation } = problem.parts;
    const { history, stopped } = await trainNetwork(problem, { network, settings: tried, train, validation, seed: settings.seed, signal, deadline, callbacks: [] }); // prettier-ignore
    disposeOf(network.model);
    if (stopped === 'aborted') signal.throwIfAborted();
    return Math.min(...history.map(({ valLoss = Infinity }) => valLoss));
  };
  const { best } = await randomSearch(objective, space, {
    trials: settings.search,
    seed: settings.seed,
    log: trialLog(folder.file('search.jsonl')),
    signal,
    onTrial: ({ number, parameters, score }) =>
      say('trial', `trial ${number + 1} of ${settings.search}: validation loss ${score.toFixed(4)} with ${inWords(parameters)}`, { number, parameters, score }), // prettier-ignore
  });
  say('search', `best settings: ${inWords(best.parameters)}`, { parameters: best.parameters, score: best.score });
  return withChoice(best.parameters);
}

function inWords(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'number' ? Number(value.toPrecision(3)) : Array.isArray(value) ? value.join('+') : String(value)}`,
    )
    .join(', ');
}

/** How far below the rate of the steepest descent the training begins. */
const BELOW_STEEPEST = 0.5;

/** Finds the learning rate by a short training in which it rises (Smith 2017), if the person asked for it. */
export async function withFoundRate(settings: ChosenSettings, { problem, signal, say }: Preparation): Promise<ChosenSettings> {
  if (settings.findLr !== true) return settings;
  const { model, loss } = await makeNetwork(problem, settings, settings.seed);
  const batches = problem.batches(problem.parts.train, {
    batchSize: settings.batchSize,
    shuffle: settings.seed,
    augment: settings.augment,
  });
  const { suggested } = await findLearningRate(model, batches, {
    optimizer: (learningRate) => createOptimizer(settings.optimizer, { learningRate }),
    loss,
    from: 1e-6,
    to: 1,
    seed: settings.seed,
    signal,
  });
  disposeOf(model);
  signal.throwIfAborted();
  if (suggested === undefined) {
    say('learningRate', `no learning rate makes the loss fall; it stays ${settings.learningRate}`, { learningRate: settings.learningRate });
    return settings;
  }
  const learningRate = Number((suggested * BELOW_STEEPEST).toPrecision(2));
  say('learningRate', `learning rate ${learningRate}: a little below where the loss falls most steeply`, { learningRate });
  return { ...settings, learningRate };
}

/** A figure over the folds. */
export interface CrossValidated {
  readonly metric: string;
  readonly values: readonly number[];
  readonly mean: number;
  /** The standard deviation of the folds' figures. */
  readonly deviation: number;
}

/** Of the examples of a fold that are trained on, the share that decides when the training ends. */
const STOPPING_SHARE = 0.15;

/**
 * Trains a model for each fold of the examples that are not kept for the test, and measures it on the fold. Stone 1974. Each finished fold is kept in
 * `folds.jsonl`.
 */
export async function crossValidated(settings: ChosenSettings, preparation: Preparation): Promise<CrossValidated | undefined> {
  const { problem, folder, signal, deadline, say } = preparation;
  const { folds, seed } = settings;
  if (folds === undefined) return undefined;
  const pool = Int32Array.from([...problem.parts.train, ...problem.parts.validation]);
  const labels = problem.task === 'classification' ? Array.from(pool, (index) => problem.targets[index]!) : undefined;
  const smallest =
    labels === undefined ? folds : Math.min(...problem.classNames.map((_, i) => labels.filter((label) => label === i).length));
  const split = kFold(pool.length, { folds, seed, ...(labels && smallest >= folds && { labels }) });
  const metric = problem.task === 'classification' ? 'accuracy' : 'rootMeanSquaredError';
  const log = trialLog(folder.file('folds.jsonl'));
  const done = (await log.read()).split('\n').filter(Boolean).map((line) => JSON.parse(line) as { fold: number; value: number }); // prettier-ignore
  const values = done.map(({ value }) => value);
  for (let fold = done.length; fold < folds; fold++) {
    const inFold = (places: Int32Array): Int32Array => places.map((place) => pool[place]!);
    const others = inFold(split[fold]!.train);
    const held = Math.max(1, Math.round(others.length * STOPPING_SHARE));
    const parts: Parts = { validation: others.slice(0, held), train: others.slice(held), test: inFold(split[fold]!.test) };
    const network = await makeNetwork(problem, settings, seed + fold);
    const callbacks: Callback[] = [];
    const { stopped } = await trainNetwork(problem, { network, settings, ...parts, seed: seed + fold, signal, deadline, callbacks });
    if (stopped === 'aborted') signal.throwIfAborted();
    const value = (await measure(problem, network.model, parts.test)).metrics[metric]!;
    disposeOf(network.model);
    values.push(value);
    await log.append(JSON.stringify({ fold, value }));
    say('fold', `fold ${fold + 1} of ${folds}: ${metric} ${Number(value.toPrecision(4))}`, { fold, [metric]: value });
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / folds;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (folds - 1));
  say('folds', `over ${folds} folds: ${metric} ${Number(mean.toPrecision(4))} ± ${Number(deviation.toPrecision(2))}`, {
    metric,
    mean,
    deviation,
  });
  return { metric, values, mean, deviation };
}

function disposeOf(model: object): void {
  for (const { cell } of walk(model)) cell.dispose();
}

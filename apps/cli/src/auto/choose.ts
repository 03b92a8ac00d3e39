// Chooses what the person left open: the network, the batch, the number of epochs; so that memory and time suffice.

import { freemem } from 'node:os';
import { walk } from '@sinapse/core';
import { summary } from '@sinapse/layers';
import { createOptimizer } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import type { Callback } from '@sinapse/training';
import { UsageError } from '../usage-error.ts';
import type { AutoSettings, ChosenSettings } from './auto-settings.ts';
import { checkModel, makeNetwork } from './network.ts';
import type { Problem } from './problem.ts';

/** The time that a training may take if the person says nothing, in seconds. */
export const DEFAULT_TIME = 900;

/** The share of the time that is left for the epochs: reading, validation and the test take some. */
const FOR_EPOCHS = 0.75;

/** A larger network is taken only if it can go so often through the data, or make so many steps. */
const ENOUGH_EPOCHS = 8;
const ENOUGH_STEPS = 1500;

/** Activations, their gradients and what kernels need beside them, as a factor of the activations. */
const MEMORY_FACTOR = 4;

interface Candidate {
  readonly model: string;
  readonly modelOptions?: Readonly<Record<string, unknown>>;
}

/**
 * Completes the settings. What depends on the speed of this machine is measured, with a few steps of each network that comes into question.
 * @param secondsLeft of the time that the person allows
 * @throws UsageError when a given setting does not fit the data
 */
export async function choose(
  settings: AutoSettings & { readonly seed: number },
  problem: Problem,
  secondsLeft: number,
): Promise<ChosenSettings> {
  const { model, pretrained } = settings;
  if (model !== undefined) checkModel(problem.kind, model);
  if (settings.fineTune === true && pretrained === undefined)
    throw new UsageError('--fine-tune needs weights to begin with: --pretrained FILE');
  const train = problem.parts.train.length;
  const most = settings.epochs ?? mostEpochs(problem.kind, train);
  const augment = settings.augment ?? (problem.kind === 'images' ? 'light' : 'none');
  const candidates = model !== undefined ? [{ model, modelOptions: settings.modelOptions }] : candidatesFor(problem);
  let chosen: { candidate: Candidate; batchSize: number; epochs: number } | undefined;
  for (const candidate of candidates as readonly Candidate[]) {
    const batchSize = settings.batchSize ?? (await batchFor(problem, { ...settings, ...candidate }));
    const isSettled = candidates.length === 1 && settings.epochs !== undefined;
    const each = isSettled ? 0 : await secondsPerExample(problem, { ...settings, ...candidate, batchSize, augment });
    const possible = Math.floor((secondsLeft * FOR_EPOCHS) / (each * train));
    chosen = { candidate, batchSize, epochs: settings.epochs ?? Math.max(1, Math.min(most, possible)) };
    if (possible >= Math.min(most, ENOUGH_EPOCHS) || possible * Math.ceil(train / batchSize) >= ENOUGH_STEPS) break;
  }
  const { candidate, batchSize, epochs } = chosen!;
  if (batchSize > train) throw new UsageError(`--batch-size ${batchSize} is more than the ${train} examples to train on`);
  return {
    ...settings,
    model: candidate.model,
    modelOptions: candidate.modelOptions,
    imageSize: problem.kind === 'images' ? problem.inputShape[0] : undefined,
    augment,
    epochs,
    batchSize,
    optimizer: settings.optimizer ?? 'adam',
    learningRate: settings.learningRate ?? rateFor(problem, batchSize, pretrained !== undefined && settings.fineTune !== true),
    schedule: settings.schedule ?? 'cosine',
    patience: settings.patience ?? Math.max(5, Math.ceil(epochs / 4)),
    backend: settings.backend ?? 'auto',
  };
}

/** The most epochs that a set of a size is gone through; the training ends earlier if they do not help. */
function mostEpochs(kind: Problem['kind'], examples: number): number {
  if (kind === 'table') return examples < 5000 ? 150 : 40;
  return examples < 2000 ? 60 : 30;
}

/** Networks that suit the data, the strongest first. */
function candidatesFor({ kind, inputShape }: Problem): readonly Candidate[] {
  if (kind === 'table') return [{ model: 'mlp', modelOptions: { hidden: [64, 32] } }];
  const [side, , channels] = inputShape as [number, number, number];
  const small = { model: 'lenet5' };
  if (channels === 1 && side <= 40) return [small];
  return [
    { model: 'resnet20' },
    { model: 'resnet20', modelOptions: { width: 0.5 } },
    { model: 'resnet20', modelOptions: { width: 0.25 } },
    small,
  ];
}

/** The batch: small for few examples, which then give more steps; no larger than memory allows. */
async function batchFor(problem: Problem, settings: AutoSettings): Promise<number> {
  const train = problem.parts.train.length;
  let batch = train >= 5000 ? 128 : train >= 1000 ? 64 : train >= 200 ? 32 : 16;
  const { model } = await makeNetwork(problem, settings, 0);
  const bytes = summary(model, problem.inputShape).activationBytes * MEMORY_FACTOR;
  disposeOf(model);
  while (batch > 1 && batch * bytes > freemem() / 2) batch /= 2;
  return Math.min(batch, train);
}

function rateFor({ kind }: Problem, batchSize: number, pretrained: boolean): number {
  if (pretrained) return 1e-4;
  if (kind === 'table') return 0.003;
  return batchSize >= 128 ? 0.003 : 0.001;
}

/** Steps that are measured, after a first one that also makes what later ones use again. */
const MEASURED = 7;

/** The median of a few steps of a training that is thrown away. */
async function secondsPerExample(problem: Problem, settings: AutoSettings & { readonly batchSize: number }): Promise<number> {
  const { batchSize, augment = 'none' } = settings;
  const { model, loss } = await makeNetwork(problem, settings, 0);
  const times: number[] = [];
  const watch: Callback = {
    onStep(_, session) {
      times.push(performance.now());
      if (times.length > MEASURED) session.stop('measured');
    },
  };
  const sample = problem.parts.train.slice(0, (MEASURED + 1) * batchSize);
  await fit(model, problem.batches(sample, { batchSize, shuffle: 0, augment }), {
    optimizer: createOptimizer('sgd', { learningRate: 1e-6 }),
    loss,
    epochs: MEASURED + 1,
    callbacks: [watch],
  });
  disposeOf(model);
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  return steps.sort((a, b) => a - b)[steps.length >> 1]! / 1000 / batchSize;
}

function disposeOf(model: object): void {
  for (const { cell } of walk(model)) cell.dispose();
}

// `sinapse train`: which training the options mean. Data sets by name, sequences, and a person's own pictures and tables are trained differently.

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { datasetNames } from '@sinapse/datasets/node';
import type { AutoSettings } from '../auto/auto-settings.ts';
import { configFile } from '../auto/auto-folder.ts';
import { UsageError } from '../usage-error.ts';
import { isSequenceModel, refuseSequenceModel } from '../train/sequence-models.ts';
import type { SequenceOptions } from '../train/sequence-plan.ts';
import type { TrainOptions } from './train.ts';

/** The options of `sinapse train` as they are typed. */
export interface TrainAnyOptions extends TrainOptions {
  readonly data?: string;
  readonly target?: string;
  readonly window?: number;
  readonly horizon?: number;
  readonly task?: AutoSettings['task'];
  readonly time?: number;
  readonly augment?: AutoSettings['augment'];
  readonly folds?: number;
  /** The number of trials, or true for the usual number. */
  readonly search?: number | true;
  readonly ensemble?: number;
  readonly findLr?: boolean;
  readonly tensorboard?: boolean;
  readonly config?: string;
  readonly printConfig?: boolean;
}

/** Trials of a search whose number was not said. */
const TRIALS = 12;

/** Options that only a training on a person's own data takes, as they are typed. */
const OWN = {
  task: '--task',
  time: '--time',
  augment: '--augment',
  folds: '--folds',
  search: '--search',
  ensemble: '--ensemble',
  findLr: '--find-lr',
  tensorboard: '--tensorboard',
  printConfig: '--print-config',
} as const;

/** Options that it does not take. */
const NOT_OWN = { dataset: '--dataset', dataDir: '--data-dir', quickStart: '--quick-start', trainLimit: '--train-limit', testLimit: '--test-limit' } as const; // prettier-ignore

const TEXTS: ReadonlySet<string> = new Set(['.txt', '.md', '.text']);

export async function trainAny(options: TrainAnyOptions): Promise<number> {
  const { data, config, out, resume } = options;
  const isOwnRun = resume === true && out !== undefined && existsSync(join(out, configFile));
  if (config !== undefined || isOwnRun) return own(options);
  const isName = data !== undefined && (datasetNames as readonly string[]).includes(data) && !existsSync(data);
  if (data === undefined || isName) {
    refuse(options, OWN, 'needs data of your own: --data PATH');
    const { data: name, ...rest } = options;
    refuseSequenceModel(options.model, options.dataset ?? name);
    return (await import('./train.ts')).train(name === undefined ? rest : { ...rest, dataset: name });
  }
  return (await isSequence(options)) ? sequence(options as SequenceOptions) : own(options);
}

/** Whether the data are a text or a series: the network says so, or what only they have; a text by its name. */
async function isSequence({ data, target, model, window, horizon }: TrainAnyOptions): Promise<boolean> {
  if (window !== undefined || horizon !== undefined || isSequenceModel(model)) return true;
  if (!TEXTS.has(extname(data!).toLowerCase()) || target !== undefined) return false;
  return (await stat(data!).catch(() => undefined))?.isFile() ?? false;
}

async function sequence(options: SequenceOptions): Promise<number> {
  refuse(options, OWN, 'is for pictures and tables; leave it out');
  return (await import('./train-sequence.ts')).trainSequence(options);
}

async function own(options: TrainAnyOptions): Promise<number> {
  refuse(options, NOT_OWN, 'is for data sets by name; with --data leave it out');
  const {
    data,
    target,
    task,
    time,
    augment,
    folds,
    search,
    ensemble,
    findLr,
    tensorboard,
    config,
    printConfig,
    out,
    resume,
    lang,
    report,
    json,
  } = options;
  const { model, modelOption: modelOptions, epochs, batchSize, optimizer, learningRate, schedule, seed, backend, pretrained, fineTune } = options; // prettier-ignore
  const trials = search === true ? TRIALS : search;
  const given = { data, target, task, time, augment, folds, search: trials, ensemble, findLr, tensorboard, model, modelOptions, epochs, batchSize, optimizer, learningRate, schedule, seed, backend, pretrained, fineTune }; // prettier-ignore
  const { autoTrain } = await import('../auto/auto-train.ts');
  return autoTrain({ given: given as Partial<AutoSettings>, config, printConfig, out, resume, lang, report, json });
}

/** @throws UsageError when one of some options is given */
function refuse(options: TrainAnyOptions, flags: Readonly<Record<string, string>>, why: string): void {
  for (const [name, flag] of Object.entries(flags))
    if (options[name as keyof TrainAnyOptions] !== undefined) throw new UsageError(`${flag} ${why}`);
}

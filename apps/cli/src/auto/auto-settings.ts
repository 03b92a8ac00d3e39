// The settings of a training on a person's own data, kept in the run folder as `config.yaml`. Everything that was chosen for the person stands
// there too: a resumed run chooses nothing again.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions } from '@sinapse/core';
import { parseDocument, stringify } from 'yaml';
import type { ModelOptions } from '../model-options.ts';
import { filledWord, rate, whole } from '../option-values.ts';

/** How strongly pictures are changed at random in each epoch. */
const augmentations = ['none', 'light', 'strong'] as const;

export type Augmentation = (typeof augmentations)[number];

/** What a person may say; all else is chosen. */
export interface AutoSettings {
  /** A folder of pictures or a table. */
  readonly data: string;
  /** The column to predict. */
  readonly target?: string | undefined;
  readonly task?: 'classification' | 'regression' | undefined;
  readonly model?: string | undefined;
  readonly modelOptions?: ModelOptions | undefined;
  /** The side of the pictures as the network sees them, in pixels. */
  readonly imageSize?: number | undefined;
  readonly augment?: Augmentation | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly optimizer?: string | undefined;
  readonly learningRate?: number | undefined;
  readonly schedule?: string | undefined;
  /** Epochs without improvement after which the training ends. */
  readonly patience?: number | undefined;
  /** The time that it may take, in seconds. */
  readonly time?: number | undefined;
  readonly seed?: number | undefined;
  /** The number of folds of a cross-validation before the training. */
  readonly folds?: number | undefined;
  /** The number of trials of a search for better settings before the training. */
  readonly search?: number | undefined;
  /** The number of models whose answers are averaged. */
  readonly ensemble?: number | undefined;
  readonly findLr?: boolean | undefined;
  /** A file of weights to begin with. */
  readonly pretrained?: string | undefined;
  /** Whether only the last layer is trained for the first third of the epochs. */
  readonly fineTune?: boolean | undefined;
  readonly tensorboard?: boolean | undefined;
  readonly backend?: string | undefined;
}

/** The settings with all that was chosen. */
export type ChosenSettings = AutoSettings & {
  readonly [
    Name in 'model' | 'augment' | 'epochs' | 'batchSize' | 'optimizer' | 'learningRate' | 'schedule' | 'patience' | 'seed' | 'backend'
  ]: NonNullable<AutoSettings[Name]>;
};

const count = (most: number, least = 1): Check => check.integer(least, most);

const CHECKS: OptionChecks<AutoSettings> = {
  data: check.required(filledWord),
  target: filledWord,
  task: check.oneOf(['classification', 'regression']),
  model: filledWord,
  modelOptions: {
    expected: 'options by name',
    accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  imageSize: count(1024, 8),
  augment: check.oneOf(augmentations),
  epochs: whole.epochs,
  batchSize: whole.batchSize,
  optimizer: filledWord,
  learningRate: rate,
  schedule: filledWord,
  patience: count(1_000_000),
  time: rate,
  seed: whole.seed,
  folds: count(1000, 2),
  search: count(10_000),
  ensemble: count(100),
  findLr: check.flag,
  pretrained: filledWord,
  fineTune: check.flag,
  tensorboard: check.flag,
  backend: filledWord,
};

/**
 * Checks settings that may come from anywhere.
 * @param owner names where they stand, for messages
 * @throws SinapseError that names the wrong setting, and the nearest known one
 */
export function checkSettings(owner: string, settings: unknown): asserts settings is AutoSettings {
  checkOptions(owner, settings, CHECKS);
}

/**
 * Reads a `config.yaml`, which anybody may have edited.
 * @param needsData whether the data must be named; on a command line `--data` may do it
 * @throws SinapseError that names the file
 */
export function parseConfig(text: string, path: string, needsData = true): Partial<AutoSettings> {
  const document = parseDocument(text, { prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) throw new SinapseError(`${path}: it is not YAML: ${problem.message.split('\n')[0]}`);
  const settings: unknown = document.toJS({ maxAliasCount: 10 });
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw new SinapseError(`${path}: it holds no settings; expected lines like "data: ./photos"`);
  checkSettings(path, needsData ? settings : { data: 'data', ...settings });
  return settings;
}

/** Settings as YAML, those that are undefined left out. */
export function formatConfig(settings: Partial<AutoSettings>): string {
  return stringify(present(settings));
}

/** A copy without undefined members. */
export function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

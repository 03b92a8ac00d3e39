// The settings of a training: given options win over those of a resumed run, and these over the defaults.

import { isDeepStrictEqual } from 'node:util';
import type { Check } from '@sinapse/core';
import { check, shown, shownName, suggestion } from '@sinapse/core';
import { asWords } from '../model-options.ts';
import type { ModelOptions } from '../model-options.ts';
import { filledWord, rate, whole } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';

/** The settings of a run, kept in its folder as `config.json`. */
export interface Settings {
  readonly model: string;
  readonly modelOptions?: ModelOptions | undefined;
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: string;
  /** If left out, the optimizer's default. */
  readonly learningRate?: number | undefined;
  /** Name of the schedule of the learning rate. */
  readonly schedule: string;
  readonly seed: number;
  readonly trainLimit?: number | undefined;
  readonly testLimit?: number | undefined;
  readonly backend: string;
  /** The path of a file of weights to begin with. */
  readonly pretrained?: string | undefined;
  /** Whether only the head learns. */
  readonly fineTune?: boolean | undefined;
}

export type GivenSettings = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

const defaults = {
  model: 'lenet5',
  epochs: 2,
  batchSize: 128,
  optimizer: 'adam',
  schedule: 'cooldown',
  seed: 1,
  backend: 'auto',
} as const;

/** The settings of `npm start`: no files are needed, it takes about a minute, and small batches make the most of one epoch. */
const quickStart = { dataset: 'digits', epochs: 1, batchSize: 32 } as const;

/** @throws UsageError when no data set is given */
export function newSettings(given: GivenSettings, options: { readonly quickStart: boolean }): Settings {
  const settings = { ...defaults, ...(options.quickStart && quickStart), ...present(given) };
  const { dataset, ...rest } = settings;
  if (rest.fineTune === true && rest.pretrained === undefined)
    throw new UsageError('--fine-tune needs weights to begin with: --pretrained FILE');
  if (dataset === undefined) throw new UsageError('say what to train on: --dataset mnist; or try --quick-start');
  return { dataset, ...rest };
}

interface Description {
  /** The option as it is typed. */
  readonly flag: string;
  /** Whether every run has it. */
  readonly needed: boolean;
  readonly check: Check;
}

const namedOptions: Check = {
  expected: 'an object, e.g. {"variant": "original"}',
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const described: Readonly<Record<keyof Settings, Description>> = {
  model: { flag: '--model', needed: true, check: filledWord },
  modelOptions: { flag: '--model-option', needed: false, check: namedOptions },
  dataset: { flag: '--dataset', needed: true, check: filledWord },
  dataDir: { flag: '--data-dir', needed: false, check: filledWord },
  epochs: { flag: '--epochs', needed: true, check: whole.epochs },
  batchSize: { flag: '--batch-size', needed: true, check: whole.batchSize },
  optimizer: { flag: '--optimizer', needed: true, check: filledWord },
  learningRate: { flag: '--learning-rate', needed: false, check: rate },
  schedule: { flag: '--schedule', needed: true, check: filledWord },
  seed: { flag: '--seed', needed: true, check: whole.seed },
  trainLimit: { flag: '--train-limit', needed: false, check: whole.images },
  testLimit: { flag: '--test-limit', needed: false, check: whole.images },
  backend: { flag: '--backend', needed: true, check: filledWord },
  pretrained: { flag: '--pretrained', needed: false, check: filledWord },
  fineTune: { flag: '--fine-tune', needed: false, check: check.flag },
};

/** Settings that may change when a run is resumed: more epochs, files that moved, another machine. */
const mayChange: ReadonlySet<string> = new Set(['epochs', 'dataDir', 'backend', 'pretrained']);

/**
 * The settings of a resumed run.
 * @throws UsageError when a given option differs from the run's and may not change
 */
export function resumedSettings(saved: Settings, given: GivenSettings, folder: string): Settings {
  for (const [name, value] of Object.entries(present(given)) as [keyof Settings, unknown][]) {
    if (mayChange.has(name) || isDeepStrictEqual(value, saved[name])) continue;
    const before = saved[name] === undefined ? `was not given ${described[name].flag}` : `has ${asTyped(name, saved[name])}`;
    throw new UsageError(
      `${asTyped(name, value)} does not fit: the run in ${folder} ${before}; leave it out, or begin a new run in another --out`,
    );
  }
  return { ...saved, ...present(given) };
}

/** A setting as it is typed on a command line. */
function asTyped(name: keyof Settings, value: unknown): string {
  const { flag } = described[name];
  return (name === 'modelOptions' ? asWords(value as ModelOptions) : [value === true ? '' : String(value)])
    .map((word) => `${flag} ${word}`.trim())
    .join(' ');
}

/** Says that a `config.json` is invalid; the message is meant to follow the name of the file. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/**
 * Reads a `config.json`, which anybody may have edited. It does not check whether the named model, data set and so on exist.
 * @throws SettingsError
 */
export function parseSettings(text: string): Settings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SettingsError('it is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new SettingsError('it is not the settings of a run');
  const members = new Map<string, unknown>(Object.entries(json));
  const names = Object.keys(described) as (keyof Settings)[];
  for (const name of members.keys()) {
    if ((names as string[]).includes(name)) continue;
    throw new SettingsError(`${shownName(name)} is no setting of a run; ${suggestion(name, names)}`);
  }
  for (const name of names) {
    const { needed, check } = described[name];
    const value = members.get(name);
    if (value === undefined && !needed) continue;
    if (!check.accepts(value))
      throw new SettingsError(`${name}: expected ${check.expected}, ${value === undefined ? 'but it is missing' : `got ${shown(value)}`}`);
  }
  return Object.fromEntries(members) as unknown as Settings;
}

/** A copy without undefined members. */
function present<T extends object>(object: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}

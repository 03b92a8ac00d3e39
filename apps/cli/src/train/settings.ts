// What a training is: the options that were given, over those of the run that is resumed, over the defaults.

import { UsageError } from '../usage-error.ts';

/** What makes a run this run; kept in its folder as `config.json`. */
export interface Settings {
  readonly model: string;
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: string;
  /** Where it is left out the optimizer's own holds. */
  readonly learningRate?: number | undefined;
  readonly seed: number;
  readonly trainLimit?: number | undefined;
  readonly testLimit?: number | undefined;
  readonly backend: string;
}

export type GivenSettings = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

const defaults = { epochs: 2, batchSize: 128, optimizer: 'adam', seed: 1, backend: 'auto' } as const;

/** What `npm start` trains: it needs no files and shows everything within a minute; small batches make the most of one epoch. */
const quickStart = { model: 'lenet5', dataset: 'digits', epochs: 1, batchSize: 32 } as const;

/** @throws UsageError when it is not said what to train, and on what */
export function newSettings(given: GivenSettings, options: { readonly quickStart: boolean }): Settings {
  const settings = { ...defaults, ...(options.quickStart && quickStart), ...present(given) };
  const { model, dataset, ...rest } = settings;
  if (model === undefined) throw new UsageError('say what to train: --model lenet5 --dataset mnist; or try --quick-start');
  if (dataset === undefined) throw new UsageError('say what to train on: --dataset mnist; or try --quick-start');
  return { model, dataset, ...rest };
}

/** The names as they are typed. */
const flags: Readonly<Record<keyof Settings, string>> = {
  model: '--model',
  dataset: '--dataset',
  dataDir: '--data-dir',
  epochs: '--epochs',
  batchSize: '--batch-size',
  optimizer: '--optimizer',
  learningRate: '--learning-rate',
  seed: '--seed',
  trainLimit: '--train-limit',
  testLimit: '--test-limit',
  backend: '--backend',
};

/** These may change from one part of a run to the next: more epochs, files that moved, another machine. */
const mayChange: ReadonlySet<string> = new Set(['epochs', 'dataDir', 'backend']);

/**
 * The settings of a run that goes on.
 * @throws UsageError when an option is given that is not the run's
 */
export function resumedSettings(saved: Settings, given: GivenSettings, folder: string): Settings {
  for (const [name, value] of Object.entries(present(given)) as [keyof Settings, unknown][]) {
    if (mayChange.has(name) || value === saved[name]) continue;
    const before = saved[name] === undefined ? `was not given ${flags[name]}` : `has ${flags[name]} ${saved[name]}`;
    throw new UsageError(
      `${flags[name]} ${String(value)} does not fit: the run in ${folder} ${before}; leave it out, or begin a new run in another --out`,
    );
  }
  return { ...saved, ...present(given) };
}

type Kind = 'string' | 'number';
const kinds: Readonly<Record<keyof Settings, { readonly kind: Kind; readonly needed: boolean }>> = {
  model: { kind: 'string', needed: true },
  dataset: { kind: 'string', needed: true },
  dataDir: { kind: 'string', needed: false },
  epochs: { kind: 'number', needed: true },
  batchSize: { kind: 'number', needed: true },
  optimizer: { kind: 'string', needed: true },
  learningRate: { kind: 'number', needed: false },
  seed: { kind: 'number', needed: true },
  trainLimit: { kind: 'number', needed: false },
  testLimit: { kind: 'number', needed: false },
  backend: { kind: 'string', needed: true },
};

/** Reads a `config.json`; undefined when it is not one of ours. The values themselves are checked where they are used. */
export function parseSettings(text: string): Settings | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const members = json as Record<string, unknown>;
  const names = Object.keys(kinds) as (keyof Settings)[];
  for (const name of names) {
    const value = members[name];
    if (value === undefined ? kinds[name].needed : typeof value !== kinds[name].kind) return undefined;
  }
  return Object.fromEntries(
    names.filter((name) => members[name] !== undefined).map((name) => [name, members[name]]),
  ) as unknown as Settings;
}

/** Without the members that are not there. */
function present<T extends object>(object: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}

// What a run's `run.json` holds: all that its report is made of. The file is untrusted, and is checked when it is read.

import { join } from 'node:path';
import { writeFileAtomic } from '@sinapse/training/node';
import { readInput } from '../input-file.ts';
import {
  ShapeMismatch,
  anything,
  base64,
  finite,
  list,
  members,
  natural,
  numberOrNull,
  oneOf,
  probability,
  record,
  text,
} from './json-shape.ts';

/** What the model said of one example of the test. */
export interface TestPrediction {
  /** The file or row. */
  readonly source: string;
  /** The number of the class, or the value. */
  readonly target: number;
  /** Of each class; absent in a regression. */
  readonly probabilities?: readonly number[];
  /** Of a regression. */
  readonly value?: number;
}

/** An epoch of `fit`, after its way through JSON: what is not finite is null. */
interface EpochData {
  readonly epoch: number;
  readonly loss: number | null;
  readonly accuracy?: number | null;
  readonly valLoss?: number | null;
  readonly valAccuracy?: number | null;
  readonly seconds: number;
}

/** A picture of the test, as the network sees it, and where the network looks. All are PNG files in base64. */
export interface PictureData {
  /** Its place among the predictions. */
  readonly place: number;
  readonly width: number;
  readonly height: number;
  readonly image: string;
  /** Saliency: how much each pixel changes the score of the answer. */
  readonly saliency: string;
  /** Grad-CAM of the last layer that gives maps; absent if there is none. */
  readonly gradCam?: string;
}

/** How much the loss rises when a column is mixed up. */
export interface ImportanceData {
  readonly column: string;
  readonly mean: number;
  readonly standardDeviation: number;
}

export interface DataSummary {
  readonly kind: 'images' | 'table';
  readonly name: string;
  readonly examples: number;
  readonly parts: { readonly train: number; readonly validation: number; readonly test: number };
  /** The names of the classes and how many examples each has; absent in a regression. */
  readonly classes?: readonly string[];
  readonly counts?: readonly number[];
  /** Width and height of pictures. */
  readonly sizes?: Readonly<Record<'smallest' | 'median' | 'largest', readonly number[]>>;
  /** Of a table. */
  readonly target?: string;
  readonly columns?: readonly { readonly name: string; readonly kind: string; readonly missing: number }[];
  readonly skipped: readonly { readonly source: string; readonly reason: string }[];
  /** Groups of copies, and how many of the groups lie in more than one part of the data; absent where nobody looked for them. */
  readonly duplicates?: {
    readonly exact: readonly (readonly string[])[];
    readonly near: readonly (readonly string[])[];
    readonly acrossParts: number;
  };
  readonly remarks: readonly string[];
}

export interface RunData {
  readonly version: 1;
  readonly task: 'classification' | 'regression';
  readonly data: DataSummary;
  readonly model: {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly parameters: number;
    /** More than 1 of an ensemble. */
    readonly networks: number;
  };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly history: readonly EpochData[];
  /** Why the training ended: `finished`, `early`, `time` … */
  readonly stopped: string;
  readonly test: {
    readonly metrics: Readonly<Record<string, number | null>>;
    /** Of a regression: how far from its value the true one lies in 95 of 100 cases. */
    readonly radius?: number;
    readonly predictions: readonly TestPrediction[];
  };
  /** What the simplest guess reaches on the same test. */
  readonly baseline: { readonly guess: string; readonly metrics: Readonly<Record<string, number | null>> };
  /** What is worth saying of the result, by kind and values. */
  readonly findings: readonly { readonly kind: string; readonly values: Readonly<Record<string, number | string>> }[];
  readonly seconds: number;
  readonly environment: Readonly<Record<string, string | number>>;
  /** Examples of the test looked into; only of pictures. */
  readonly pictures?: readonly PictureData[];
  /** Only of tables. */
  readonly importance?: readonly ImportanceData[];
}

/** Says that a run folder has no record from which a report can be made. */
class RunDataError extends Error {
  override name = 'RunDataError';
}

const wordOrNumber = (value: unknown, place: string): void => {
  if (typeof value !== 'string') finite(value, place);
};
const metrics = record(numberOrNull);
const groups = list(list(text));
const size = list(natural, 2);

const RUN = members(
  {
    task: oneOf('classification', 'regression'),
    data: members(
      {
        kind: oneOf('images', 'table'),
        name: text,
        examples: natural,
        parts: members({ train: natural, validation: natural, test: natural }),
        skipped: list(members({ source: text, reason: text })),
        remarks: list(text),
      },
      {
        classes: list(text),
        counts: list(natural),
        duplicates: members({ exact: groups, near: groups, acrossParts: natural }),
        sizes: members({ smallest: size, median: size, largest: size }),
        target: text,
        columns: list(members({ name: text, kind: text, missing: natural })),
      },
    ),
    model: members({ name: text, options: record(anything), parameters: natural, networks: natural }),
    settings: record(anything),
    history: list(
      members(
        { epoch: natural, loss: numberOrNull, seconds: finite },
        { accuracy: numberOrNull, valLoss: numberOrNull, valAccuracy: numberOrNull },
      ),
    ),
    stopped: text,
    test: members(
      { metrics, predictions: list(members({ source: text, target: finite }, { probabilities: list(probability), value: finite })) },
      { radius: finite },
    ),
    baseline: members({ guess: text, metrics }),
    findings: list(members({ kind: text, values: record(wordOrNumber) })),
    seconds: finite,
    environment: record(wordOrNumber),
  },
  {
    pictures: list(members({ place: natural, width: natural, height: natural, image: base64, saliency: base64 }, { gradCam: base64 })),
    importance: list(members({ column: text, mean: finite, standardDeviation: finite })),
  },
);

/** Checks that the parts of a record fit each other. */
function checkTogether({ task, data, test, pictures = [] }: RunData): void {
  const { predictions } = test;
  if (predictions.length === 0) throw new ShapeMismatch('test.predictions: there are none');
  if (pictures.some(({ place }) => place >= predictions.length)) throw new ShapeMismatch('pictures: one is of no example of the test');
  if (task === 'regression') {
    if (predictions.some(({ value }) => value === undefined))
      throw new ShapeMismatch('test.predictions: a regression has a value for each');
    return;
  }
  const { classes = [], counts = [] } = data;
  if (classes.length < 1 || counts.length !== classes.length)
    throw new ShapeMismatch('data: expected the names of classes and a count for each');
  for (const { target, probabilities } of predictions) {
    if (probabilities?.length !== classes.length) throw new ShapeMismatch('test.predictions: expected a probability for each class');
    if (!Number.isInteger(target) || target < 0 || target >= classes.length)
      throw new ShapeMismatch(`test.predictions: there is no class ${target}`);
  }
}

/** Reads the record of a run out of JSON. @throws RunDataError that names the file and what is wrong in it */
export function parseRunData(json: string, file: string): RunData {
  try {
    const value = JSON.parse(json) as { readonly version?: unknown };
    if (value?.version !== 1) throw new ShapeMismatch('version: expected 1');
    RUN(value, 'run');
    checkTogether(value as RunData);
    return value as RunData;
  } catch (error) {
    if (error instanceof SyntaxError) throw new RunDataError(`${file} is no JSON: ${error.message}`, { cause: error });
    if (error instanceof ShapeMismatch) throw new RunDataError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The file of a run's record. */
function runDataFile(folder: string): string {
  return join(folder, 'run.json');
}

/** @throws RunDataError when the folder's record is damaged; an error of the system when there is none */
export async function readRunData(folder: string): Promise<RunData> {
  const file = runDataFile(folder);
  return parseRunData((await readInput(file)).toString('utf8'), file);
}

export async function writeRunData(folder: string, data: RunData): Promise<void> {
  await writeFileAtomic(runDataFile(folder), new TextEncoder().encode(`${JSON.stringify(data)}\n`));
}

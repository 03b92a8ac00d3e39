// How to make a model by its name, for command lines and model files. A file holds a name and options, and names no code to run.

import type { Shape } from '@sinapse/core';
import { knownName } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import * as models from './all-models.ts';
import type { CommonOptions, ModelEntry, ModelFigures, ModelLoss } from './model-entry.ts';

type Models = typeof models;

/** The entries by the names of their models. */
type Entries = { readonly [Key in keyof Models as Key extends `${infer Name}Entry` ? Name : never]: Models[Key] };

export type ModelName = keyof Entries;

/** The complete options of a model, which a model file stores with its name. */
export type ModelOptions<Name extends ModelName = ModelName> = ReturnType<Entries[Name]['complete']>;

export interface ZooModel<Name extends ModelName = ModelName> {
  readonly name: Name;
  readonly options: ModelOptions<Name>;
  /** The model, not built: `model.build(inputShape, seed)` makes its parameters. */
  readonly model: ReturnType<Entries[Name]['make']>;
  /** `[height, width, channels]`. */
  readonly inputShape: Shape;
  /** The number of scores that the model returns for each image, or for each pixel. */
  readonly classes: number;
  /** The loss to train with, of what the model gives in training and int32 labels. If absent, use `softmaxCrossEntropy`. */
  readonly loss?: ModelLoss;
  /**
   * The factor that turns pixels from 0 to 255 into the model's input, if its paper gives one. If absent, use the data set's usual
   * preprocessing.
   */
  readonly preprocessing?: { readonly scale: number };
}

/** What `listModels` says of a model. */
export interface ModelInfo extends ModelFigures {
  readonly name: ModelName;
  readonly title: string;
  readonly year: number;
  readonly paper: { readonly citation: string; readonly url: string };
}

const SUFFIX = 'Entry';

/** The entries of all models, the newest first: of names that are equally near to a wrong one, errors suggest the first. */
const entries: ReadonlyMap<string, ModelEntry> = entriesIn(models);

function entriesIn(exported: Readonly<Record<string, unknown>>): ReadonlyMap<string, ModelEntry> {
  const found = Object.keys(exported).filter((key) => key.endsWith(SUFFIX)).map((key) => exported[key] as ModelEntry); // prettier-ignore
  const byName = new Intl.Collator('en', { numeric: true });
  found.sort((a, b) => b.year - a.year || byName.compare(b.name, a.name));
  return new Map(found.map((entry) => [entry.name, entry]));
}

/** The names that `createModel` knows, the newest model first. */
export const modelNames: readonly ModelName[] = [...entries.keys()] as ModelName[];

/**
 * The functions that make the models, by name. With the layers, they open any model file: `openModel(file, { ...allLayers, ...allModels })`, where
 * `openModel` is in @sinapse/training and `allLayers` in @sinapse/layers.
 */
export const allModels: Readonly<Record<ModelName, (options: never) => Layer>> = Object.fromEntries(
  [...entries.values()].map((entry) => [entry.name, (options: unknown = {}) => entry.make(entry.complete(options))]),
) as Record<ModelName, (options: unknown) => Layer>;

/**
 * Makes a model by its name: `createModel('lenet5', { classes: 3 })`.
 * @param options as for the model's own function; names and values are checked, so they may come from a JSON file
 * @throws SinapseError when the name or an option is unknown, or an option is out of range
 */
export function createModel<Name extends ModelName>(name: Name, options?: Readonly<Record<string, unknown>>): ZooModel<Name>;
export function createModel(name: string, options?: Readonly<Record<string, unknown>>): ZooModel;
export function createModel(name: string, given: Readonly<Record<string, unknown>> = {}): ZooModel {
  const entry = modelEntry(name);
  const options = entry.complete(given);
  const { classes, inputShape }: CommonOptions = options;
  const loss = entry.loss?.(options);
  const preprocessing = entry.preprocessing?.(options);
  const made = { name: entry.name, options, model: entry.make(options), inputShape, classes };
  return { ...made, ...(loss && { loss }), ...(preprocessing && { preprocessing }) } as ZooModel;
}

/**
 * Says everything that the zoo knows about a model: its paper, its figures, how it is made, and torchvision's names of its layers.
 * @throws SinapseError when the name is unknown; it suggests the nearest
 */
export function modelEntry(name: string): ModelEntry {
  return entries.get(knownName<string>('model', name, modelNames))!;
}

/** All models with their papers and published figures, from the oldest to the newest. */
export function listModels(): ModelInfo[] {
  const infos = [...entries.values()].map(({ name, title, year, paper, figures }) => ({
    name: name as ModelName,
    title,
    year,
    paper,
    ...figures,
  }));
  return infos.reverse();
}

// A model as bytes: a safetensors file with the weights by path and a card that describes them. Nothing in it names code to run.

import type { Model } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import { TrainingError } from './errors.ts';
import { checkFormat } from './format-check.ts';
import type { Json } from './json.ts';
import { checkJson, JsonObject, parseJson } from './json.ts';
import { readWeights } from './weights.ts';

/** What a model file says about its weights. */
export interface ModelCard {
  /** The model's name in the zoo, or a label of the user's own. */
  readonly architecture: string;
  /** The options from which the architecture is made; the zoo validates them. */
  readonly options: Json;
  /** The names of the classes, in the order of their numbers. */
  readonly labels?: readonly string[];
  /** What is done to inputs before they enter the model. */
  readonly preprocessing?: Json;
  /** The training data, in words. */
  readonly trainedOn?: string;
  /** Measured figures, e.g. `{ valAccuracy: 0.991 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** The contents of a model file. */
export interface ModelFile {
  readonly card: ModelCard;
  /** Parameters and states by path, for `loadWeights`. */
  readonly arrays: ReadonlyMap<string, NamedArray>;
}

const FORMAT = 'sinapse-model';
const VERSION = '1';

/**
 * Encodes a model with the values at the time of the call. The promise resolves when all are read.
 * @throws TrainingError when the card is not JSON, e.g. a metric is NaN
 */
export async function encodeModel(model: Model, card: ModelCard): Promise<Uint8Array<ArrayBuffer>> {
  const { architecture, options, labels, preprocessing, trainedOn, metrics } = card;
  const members = Object.entries({ architecture, options, labels, preprocessing, trainedOn, metrics }).filter(
    ([, value]) => value !== undefined,
  );
  const json: unknown = Object.fromEntries(members);
  checkJson(json, 'model card');
  const arrays = await readWeights(model);
  return encodeSafetensors(arrays, { format: FORMAT, version: VERSION, card: JSON.stringify(json) });
}

/**
 * Decodes a model file. The bytes may come from anywhere and are fully checked; of the card, only the types are checked.
 * @throws TrainingError or FormatError when the bytes are not a model file of this version
 */
export function decodeModel(bytes: Uint8Array): ModelFile {
  const { arrays, metadata } = decodeSafetensors(bytes);
  checkFormat(metadata, FORMAT, VERSION, 'a model');
  return { card: readCard(new JsonObject(parseJson(metadata['card'] ?? '', 'model card'), 'model card')), arrays };
}

function readCard(card: JsonObject): ModelCard {
  const options = card.json('options');
  if (options === undefined) throw new TrainingError('model card: "options" is missing');
  return {
    architecture: card.string('architecture'),
    options,
    ...(card.has('labels') && { labels: card.strings('labels') }),
    ...(card.has('preprocessing') && { preprocessing: card.json('preprocessing')! }),
    ...(card.has('trainedOn') && { trainedOn: card.string('trainedOn') }),
    ...(card.has('metrics') && { metrics: card.object('metrics').numbers() }),
  };
}

// A model as bytes: its weights by path in a safetensors file, and a card that says what they are. Nothing in it names code to run.

import type { Model } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import { TrainingError } from './errors.ts';
import { checkFormat } from './format-check.ts';
import type { Json } from './json.ts';
import { checkJson, JsonObject, parseJson } from './json.ts';
import { readWeights } from './weights.ts';

/** What a model file says about the weights in it. */
export interface ModelCard {
  /** The zoo's identifier, or the user's own label. */
  readonly architecture: string;
  /** What the architecture is made with, as the zoo validates it. */
  readonly options: Json;
  /** Names of the classes, in their order. */
  readonly labels?: readonly string[];
  /** What was done to inputs before the model saw them. */
  readonly preprocessing?: Json;
  /** The data, in words. */
  readonly trainedOn?: string;
  /** What was measured, e.g. `{ valAccuracy: 0.991 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** What a model file holds. */
export interface ModelFile {
  readonly card: ModelCard;
  /** Parameters and states, by path: for `loadWeights`. */
  readonly arrays: ReadonlyMap<string, NamedArray>;
}

const FORMAT = 'sinapse-model';
const VERSION = '1';

/**
 * A model's bytes. A promise, because some backends read asynchronously; the values are those of the moment of the call.
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
 * Reads a model file from anywhere: the bytes are not trusted. What the card says is checked for its types, not for its truth.
 * @throws TrainingError or FormatError when they are no model file of this version
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

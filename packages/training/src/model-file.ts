// A model as bytes: a safetensors file with the weights by path and a card that describes the model. Nothing in it names code to run.

import type { Model, OptionChecks, ShapesOf, Tensor } from '@sinapse/core';
import { check, checkOptions, shown } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import type { Description } from './description.ts';
import { describeModel } from './description.ts';
import { TrainingError } from './errors.ts';
import { checkBytes, checkFormat } from './format-check.ts';
import type { Json } from './json.ts';
import { checkJson, DEEPEST, JsonObject, parseJson } from './json.ts';
import { readWeights } from './weights.ts';

/** What a model file says of its model. */
export interface ModelCard<In = Tensor> {
  /** The calls that make the model; null in a file that holds weights alone, for `loadWeights`. */
  readonly architecture: Description | null;
  /** The shape of one input, without the batch axis; for a model of several inputs their shapes, in their form. It is there if the architecture is. */
  readonly inputShape?: ShapesOf<In>;
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
export interface ModelFile<In = Tensor> {
  readonly card: ModelCard<In>;
  /** Parameters and states by path, for `loadWeights`. */
  readonly arrays: ReadonlyMap<string, NamedArray>;
}

const FORMAT = 'sinapse-model';
const VERSION = '2';

/** The members of a card. */
const CARD: OptionChecks<ModelCard<unknown>> = {
  architecture: check.any,
  inputShape: check.any,
  labels: check.any,
  preprocessing: check.any,
  trainedOn: check.any,
  metrics: check.any,
};

/**
 * Encodes a model with the values at the time of the call. The promise resolves when all are read.
 * @param card `architecture` is by default what `describeModel` says; with null the file holds weights alone. `inputShape` is by default the one for
 *   which a `sequential` was built, or the one of a `graph`; other models need it.
 * @throws TrainingError when the model does not describe itself, its input shape is not known, or the card is not JSON, e.g. a metric is NaN
 */
export async function encodeModel<In = Tensor>(
  model: Model<In, unknown>,
  card: Partial<ModelCard<In>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptions('model card', card, CARD);
  const { architecture = describeModel(model), labels, preprocessing, trainedOn, metrics } = card;
  const { inputShape = (model as { readonly inputShape?: ShapesOf<In> }).inputShape } = card;
  if (architecture !== null) checkShapes(inputShape, 'give the shape of one input, without the batch axis');
  const members = Object.entries({ architecture, inputShape, labels, preprocessing, trainedOn, metrics });
  const json: unknown = Object.fromEntries(members.filter(([, value]) => value !== undefined));
  checkJson(json, 'model card');
  const arrays = await readWeights(model);
  return encodeSafetensors(arrays, { format: FORMAT, version: VERSION, card: JSON.stringify(json) });
}

/**
 * Decodes a model file. The bytes may come from anywhere and are fully checked; of the card, only the types are checked. `openModel` makes the model.
 * @throws TrainingError or FormatError when the bytes are not a model file of this version
 */
export function decodeModel<In = Tensor>(bytes: Uint8Array): ModelFile<In> {
  checkBytes('decodeModel', bytes);
  const { arrays, metadata } = decodeSafetensors(bytes, { keepHalves: true });
  checkFormat(metadata, FORMAT, VERSION, 'a model');
  return { card: readCard(new JsonObject(parseJson(metadata['card'] ?? '', 'model card'), 'model card')), arrays };
}

function readCard<In>(card: JsonObject): ModelCard<In> {
  if (!card.has('architecture')) throw new TrainingError('model card: "architecture" is missing');
  const architecture = card.json('architecture') === null ? null : readDescription(card.object('architecture'));
  const inputShape = card.json('inputShape');
  if (architecture !== null || inputShape !== undefined) checkShapes(inputShape);
  return {
    architecture,
    ...(inputShape !== undefined && { inputShape: inputShape as unknown as ShapesOf<In> }),
    ...(card.has('labels') && { labels: card.strings('labels') }),
    ...(card.has('preprocessing') && { preprocessing: card.json('preprocessing')! }),
    ...(card.has('trainedOn') && { trainedOn: card.string('trainedOn') }),
    ...(card.has('metrics') && { metrics: card.object('metrics').numbers() }),
  };
}

function readDescription(value: JsonObject): Description {
  return { layer: value.string('layer'), arguments: value.list('arguments') };
}

/** The most axes of an input. */
const MOST_AXES = 8;

/** @throws TrainingError unless a value is a shape, or shapes in lists and objects */
function checkShapes(value: unknown, remedy = '', depth = 0): void {
  const items: unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [];
  const isNode = Array.isArray(value) ? items.every((item) => typeof item === 'object' && item !== null) : true;
  if (items.length === 0 || !isNode || depth === DEEPEST) checkShape(value, remedy);
  else for (const item of items) checkShapes(item, remedy, depth + 1);
}

/** @throws TrainingError unless a value is a shape of at most 2^53 - 1 elements */
function checkShape(value: unknown, remedy = ''): void {
  const sizes = Array.isArray(value) ? (value as unknown[]) : [0];
  const right = sizes.length <= MOST_AXES && sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 1);
  if (right && Number.isSafeInteger((sizes as number[]).reduce((product, size) => product * size, 1))) return;
  throw new TrainingError(
    `model card: "inputShape" must be a list of at most ${MOST_AXES} integers >= 1; ${value === undefined ? 'it is missing' : `got ${shown(value)}`}${remedy && `; ${remedy}`}`,
  );
}

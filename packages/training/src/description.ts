// A model as data: the calls of the functions that make its layers. A description names no code to run; whoever makes a model of it gives the
// functions that may be called.

import type { Buildable, Check, LayerCall, Model, Tensor } from '@sinapse/core';
import { SinapseError, checkValue, shown, shownName, suggestion } from '@sinapse/core';
import { TrainingError } from './errors.ts';
import type { Json } from './json.ts';
import { DEEPEST, checkJson, formatJson, isObject } from './json.ts';

/**
 * The call that makes a layer, as JSON: `{ layer: 'dense', arguments: [{ units: 10 }] }`. Layers among the arguments are descriptions, too:
 * `{ layer: 'sequential', arguments: [[['hidden', { layer: 'dense', arguments: […] }], …]] }`. A layer that occurs again, whose weights are shared, is
 * `{ layer: { sameAs: 3 } }`: the number of layers whose description ended before its own did.
 */
export interface Description {
  readonly layer: string;
  readonly arguments: readonly Json[];
}

/** What a description makes. */
export type DescribedModel<In = Tensor, Out = Tensor> = Model<In, Out> & Buildable<In, Out>;

/** The functions that a description may call, by name: `allLayers` of @sinapse/layers, `allModels` of @sinapse/zoo, and your own. */
export type LayerFunctions = Readonly<Record<string, (...given: never[]) => DescribedModel<never, unknown>>>;

/** The most layers of a description: each takes work before the first weight is compared. */
const MOST_LAYERS = 10_000;

/**
 * Describes a model by the calls that make its layers, with their complete options. Left out are weights, initialisers, `frozen` and `trainable`.
 * @throws TrainingError when a layer does not describe itself, or has an option that is not data, such as a function; the message names both
 */
export function describeModel(model: object): Description {
  checkValue('describeModel', model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  let layers = 0;
  /** The layers described so far, each with the number of those before it. */
  const numbers = new Map<object, number>();

  const describe = (layer: object, path: string, depth: number): Json => {
    const number = numbers.get(layer);
    if (number !== undefined) return { layer: { sameAs: number } };
    const { layer: name, arguments: given } = callOf(layer, path);
    if (++layers > MOST_LAYERS) throw new TrainingError(`describeModel: the model has more than ${MOST_LAYERS} layers`);
    const described = { layer: name, arguments: given.map((value) => asJson(value, path, name, depth + 2)) };
    numbers.set(layer, numbers.size);
    return described;
  };

  /** @param what the value is, for the message: the name of the option */
  const asJson = (value: unknown, path: string, what: string, depth: number): Json => {
    if (depth > DEEPEST) throw new TrainingError(`describeModel: ${path}: ${what} is nested deeper than ${DEEPEST} levels`);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (isLayer(value)) return describe(value, path, depth);
    if (Array.isArray(value))
      return value.map((item: unknown) => asJson(item, isNamed(value) ? below(path, value[0]) : path, what, depth + 1));
    if (!isPlain(value) || 'layer' in value)
      throw new TrainingError(`describeModel: ${path || 'the model'}: ${what} is ${shown(value)}, which is no data; ${REMEDY}`);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      members.map(([name, member]) => [name, asJson(member, isLayer(member) ? below(path, name) : path, name, depth + 1)]),
    );
  };

  return describe(model, '', 0) as unknown as Description;
}

const WEIGHTS_ALONE = 'a file of the weights alone has { architecture: null }';
const REMEDY = `put a function into a layer of your own, or give sequential the option madeBy; ${WEIGHTS_ALONE}`;

/** @throws TrainingError when the layer does not describe itself */
function callOf(layer: object, path: string): LayerCall {
  if ('describe' in layer && typeof layer.describe === 'function') return (layer as { describe(): LayerCall }).describe();
  const type = 'type' in layer ? ` (${shown(layer.type)})` : '';
  throw new TrainingError(
    `describeModel: ${path || 'the model'}${type} does not describe itself; it needs a method describe() that returns { layer, arguments }; ${WEIGHTS_ALONE}`,
  );
}

function isLayer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'call' in value && 'build' in value;
}

/** Whether a list is a name and a layer. */
function isNamed(list: readonly unknown[]): list is readonly [string, object] {
  return list.length === 2 && typeof list[0] === 'string' && isLayer(list[1]);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/** The check of the functions that a description may call. */
export const FUNCTIONS: Check = {
  expected: 'the functions that make layers, by name, e.g. allLayers',
  accepts: (value) => typeof value === 'object' && value !== null,
};

/**
 * Makes the model of a description, not yet built. The description may come from anywhere: it calls only the given functions, and these check
 * their arguments.
 * @throws SinapseError when it names a function that is not given, or a function refuses its arguments; the message has the layer's path
 */
export function modelFrom<In = Tensor, Out = Tensor>(description: Description, functions: LayerFunctions): DescribedModel<In, Out> {
  checkValue('modelFrom: the functions', functions, FUNCTIONS);
  let layers = 0;
  const made: AnyDescribed[] = [];

  const make = (call: Json): AnyDescribed => {
    const shared = sharedNumber(call);
    if (shared !== undefined) {
      if (made[shared] === undefined)
        throw new TrainingError(`a layer is said to be the same as layer ${shared}, but only ${made.length} are made before it`);
      return made[shared];
    }
    const { name, given } = readCall(call);
    if (!Object.hasOwn(functions, name))
      throw new TrainingError(
        `the layer ${shownName(name)} is not among the functions given to make it; ${suggestion(name, Object.keys(functions))}`,
      );
    if (++layers > MOST_LAYERS) throw new TrainingError(`more than ${MOST_LAYERS} layers`);
    const layer = functions[name]!(...(given.map(valueOf) as never[]));
    made.push(layer);
    return layer;
  };

  const valueOf = (value: Json): unknown => {
    if (isList(value)) {
      const [name, layer] = value;
      const named = value.length === 2 && typeof name === 'string' && isObject(layer);
      return named ? [name, located(name, () => valueOf(layer))] : value.map(valueOf);
    }
    if (!isObject(value)) return value;
    if ('layer' in value) return make(value);
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, isObject(member) ? located(name, () => valueOf(member)) : valueOf(member)]),
    );
  };

  checkJson(description, 'model description');
  return make(description) as unknown as DescribedModel<In, Out>;
}

type AnyDescribed = DescribedModel<never, unknown>;

/** The number in `{ layer: { sameAs: number } }`; undefined for any other description. */
function sharedNumber(value: Json): number | undefined {
  const layer = isObject(value) ? value['layer'] : undefined;
  if (!isObject(layer) || !('sameAs' in layer)) return undefined;
  const number = layer['sameAs'];
  if (!Number.isSafeInteger(number) || (number as number) < 0)
    throw new TrainingError(`a layer is said to be the same as ${formatJson(number)}, which is not the number of a layer`);
  return number as number;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** @throws TrainingError unless a value is `{ layer, arguments }` */
function readCall(value: Json): { name: string; given: readonly Json[] } {
  if (isObject(value)) {
    const { layer, arguments: given } = value;
    if (typeof layer === 'string' && given !== undefined && isList(given)) return { name: layer, given };
  }
  throw new TrainingError('a layer is described by { "layer": its name, "arguments": a list }');
}

/** Runs a callback; an error thrown there gets the name of the part. */
function located<T>(name: string, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    if (error instanceof SinapseError) error.within(shownName(name));
    throw error;
  }
}

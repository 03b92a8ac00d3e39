// A checkpoint as bytes: a safetensors file. Its arrays are named by path, and its metadata hold everything else as JSON.

import { checkValue, quote } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import { TrainingError } from '../errors.ts';
import { checkBytes, checkFormat } from '../format-check.ts';
import type { Json } from '../json.ts';
import { checkJson, JsonObject, parseJson } from '../json.ts';
import type { Checkpoint, OptimizerArrays } from './contents.ts';
import { CHECKPOINT } from './contents.ts';
import { progressFromJson, progressToJson } from './progress-json.ts';

const FORMAT = 'sinapse-checkpoint';
const VERSION = '1';

/**
 * Encodes a checkpoint. The same checkpoint always gives the same bytes.
 * @throws TrainingError when the fingerprint or a callback's values are not JSON
 * @throws FormatError when a name cannot be written
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  checkValue('encodeCheckpoint', checkpoint, CHECKPOINT);
  const arrays: [string, NamedArray][] = [];
  for (const [path, array] of checkpoint.weights) arrays.push([`model/${path}`, array]);
  const optimizerAt = (place: string, { step, slots }: OptimizerArrays): Json => {
    for (const [slot, byPath] of slots) for (const [path, array] of byPath) arrays.push([`${place}/${part(slot)}/${path}`, array]);
    return { step, slots: [...slots.keys()] };
  };
  const optimizer = optimizerAt('optimizer', checkpoint.optimizer);
  const optimizers = Object.fromEntries(
    [...(checkpoint.optimizers ?? [])].map(([name, each]) => [part(name), optimizerAt(`optimizers/${name}`, each)]),
  );
  const callbacks: Record<string, Json> = {};
  for (const [name, { values, arrays: kept }] of checkpoint.callbacks) {
    callbacks[part(name)] = values;
    for (const [key, array] of kept) arrays.push([`callback/${name}/${key}`, array]);
  }
  const state = {
    ...progressToJson(checkpoint),
    optimizer,
    ...(checkpoint.optimizers !== undefined && { optimizers }),
    callbacks,
  };
  checkJson(state, 'checkpoint');
  return encodeSafetensors(arrays, { format: FORMAT, version: VERSION, state: JSON.stringify(state) });
}

/** Checks a name that becomes one part of an array's name, followed by a slash. */
function part(name: string): string {
  if (name.includes('/') || name === '__proto__')
    throw new TrainingError(`checkpoint: ${quote(name)} cannot be the name of an optimizer, an optimizer's slot or a callback`);
  return name;
}

/**
 * Decodes a checkpoint. The bytes may come from anywhere and are fully checked.
 * @throws TrainingError or FormatError when the bytes are not a checkpoint of this version
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  checkBytes('decodeCheckpoint', bytes);
  const { arrays, metadata } = decodeSafetensors(bytes, { keepHalves: true });
  checkFormat(metadata, FORMAT, VERSION, 'a checkpoint');
  const state = new JsonObject(parseJson(metadata['state'] ?? '', 'checkpoint: "state"'), 'checkpoint');

  const optimizer = optimizerFrom(state.object('optimizer'));
  const named = state.has('optimizers') ? state.object('optimizers') : undefined;
  const optimizers = named && new Map(named.names().map((name) => [name, optimizerFrom(named.object(name))]));
  const callbackValues = state.object('callbacks');
  const callbacks = new Map(
    callbackValues.names().map((name) => [name, { values: callbackValues.json(name)!, arrays: new Map<string, NamedArray>() }] as const),
  );
  const weights = new Map<string, NamedArray>();
  for (const [name, array] of arrays) {
    const [kind, rest] = splitAtSlash(name);
    const [owner, key] = splitAtSlash(rest);
    const [slot, path] = splitAtSlash(key);
    const places: Readonly<Record<string, readonly [Map<string, NamedArray> | undefined, string]>> = {
      model: [weights, rest],
      optimizer: [optimizer.slots.get(owner), key],
      optimizers: [optimizers?.get(owner)?.slots.get(slot), path],
      callback: [callbacks.get(owner)?.arrays, key],
    };
    const [target, at] = (Object.hasOwn(places, kind) ? places[kind] : undefined) ?? [undefined, ''];
    if (target === undefined) throw new TrainingError(`checkpoint: the array ${quote(name)} belongs to nothing in it`);
    target.set(at, array);
  }
  return { ...progressFromJson(state), weights, optimizer, ...(optimizers && { optimizers }), callbacks };
}

/** An optimizer's steps and slots, whose arrays are still to come. */
function optimizerFrom(json: JsonObject): { readonly step: number; readonly slots: Map<string, Map<string, NamedArray>> } {
  return { step: json.integer('step', 0), slots: new Map(json.strings('slots').map((slot) => [slot, new Map<string, NamedArray>()])) };
}

function splitAtSlash(name: string): [string, string] {
  const at = name.indexOf('/');
  return at === -1 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

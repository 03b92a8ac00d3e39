// A checkpoint as bytes: a safetensors file. Its arrays are named by path, and its metadata hold everything else as JSON.

import { checkValue, quote } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import { TrainingError } from '../errors.ts';
import { checkBytes, checkFormat } from '../format-check.ts';
import type { Json } from '../json.ts';
import { checkJson, JsonObject, parseJson } from '../json.ts';
import type { Checkpoint } from './contents.ts';
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
  for (const [slot, byPath] of checkpoint.optimizer.slots) {
    for (const [path, array] of byPath) arrays.push([`optimizer/${part(slot)}/${path}`, array]);
  }
  const callbacks: Record<string, Json> = {};
  for (const [name, { values, arrays: kept }] of checkpoint.callbacks) {
    callbacks[part(name)] = values;
    for (const [key, array] of kept) arrays.push([`callback/${name}/${key}`, array]);
  }
  const state = {
    ...progressToJson(checkpoint),
    optimizer: { step: checkpoint.optimizer.step, slots: [...checkpoint.optimizer.slots.keys()] },
    callbacks,
  };
  checkJson(state, 'checkpoint');
  return encodeSafetensors(arrays, { format: FORMAT, version: VERSION, state: JSON.stringify(state) });
}

/** Checks a name that becomes one part of an array's name, followed by a slash. */
function part(name: string): string {
  if (name.includes('/') || name === '__proto__')
    throw new TrainingError(`checkpoint: ${quote(name)} cannot be the name of an optimizer's slot or a callback`);
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

  const optimizer = state.object('optimizer');
  const slots = new Map(optimizer.strings('slots').map((slot) => [slot, new Map<string, NamedArray>()] as const));
  const callbackValues = state.object('callbacks');
  const callbacks = new Map(
    callbackValues.names().map((name) => [name, { values: callbackValues.json(name)!, arrays: new Map<string, NamedArray>() }] as const),
  );
  const weights = new Map<string, NamedArray>();
  for (const [name, array] of arrays) {
    const [kind, rest] = splitAtSlash(name);
    const [owner, key] = splitAtSlash(rest);
    const target =
      kind === 'model' ? weights : kind === 'optimizer' ? slots.get(owner) : kind === 'callback' ? callbacks.get(owner)?.arrays : undefined;
    if (target === undefined) throw new TrainingError(`checkpoint: the array ${quote(name)} belongs to nothing in it`);
    target.set(kind === 'model' ? rest : key, array);
  }
  return { ...progressFromJson(state), weights, optimizer: { step: optimizer.integer('step', 0), slots }, callbacks };
}

function splitAtSlash(name: string): [string, string] {
  const at = name.indexOf('/');
  return at === -1 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

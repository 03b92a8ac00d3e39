// The names of the layers in a model. They stand in paths, messages and files.

import { SinapseError, shown, shownName } from '@sinapse/core';
import type { AnyLayer, Layer } from './layer.ts';
import { isLayer } from './layer.ts';

/** A layer, or a layer with its name in the model. */
export type Entry<L extends AnyLayer> = L | readonly [name: string, layer: L];

/** A layer that maps a tensor to a tensor, or such a layer with its name in the model. */
export type SequentialEntry = Entry<Layer>;

/** The longest name of a layer, in characters. */
const LONGEST_NAME = 200;

/** Line breaks, control characters and slashes: names stand in paths and messages. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cf}\u2028\u2029/]/u;

/** @throws SinapseError unless a value can be the name of a layer */
export function checkName(owner: string, name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME || NOT_IN_NAMES.test(name))
    throw new SinapseError(`${owner}: ${shown(name)} is not a name; names have 1 to ${LONGEST_NAME} visible characters and no /`);
}

/** Whether an entry is a name with a layer. */
export function isNamed<L extends AnyLayer>(entry: Entry<L>): entry is readonly [string, L] {
  return Array.isArray(entry) && entry.length === 2;
}

/**
 * The layers by name. A layer without a name gets its type and a number: `conv2d1`, `conv2d2`.
 * @throws SinapseError when an entry is not a layer, two layers have the same name, or a layer occurs twice
 */
export function named<L extends AnyLayer>(owner: string, entries: readonly Entry<L>[]): Map<string, L> {
  const layers = new Map<string, L>();
  const names = new Map<L, string>();
  const counts = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const [given, layer] = isNamed(entry) ? entry : [undefined, entry];
    if (!isLayer(layer)) throw new SinapseError(`${owner}: entry ${i} of the list must be a layer, or [name, layer], got ${shown(entry)}`);
    const count = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, count);
    const name: unknown = given ?? `${layer.type}${count}`;
    checkName(owner, name);
    if (layers.has(name)) throw new SinapseError(`${owner}: two layers are named ${shownName(name)}`);
    const other = names.get(layer);
    if (other !== undefined)
      throw new SinapseError(
        `${owner}: ${shownName(other)} and ${shownName(name)} are one layer; make two, or use it twice in a graph, which shares its weights`,
      );
    layers.set(name, layer);
    names.set(layer, name);
  }
  return layers;
}

/** A name that is not taken: the wish itself, or with a number behind it. */
export function freeName(wish: string, isTaken: (name: string) => boolean): string {
  let name = wish;
  for (let i = 2; isTaken(name); i++) name = `${wish}${i}`;
  return name;
}

// A model of layers that are called one after another.

import type { Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, ownedByScope, randomKey, scope, shown } from '@sinapse/core';
import { checkInput, checkInputShape } from './build.ts';
import type { Layer } from './layer.ts';
import { callChild, isLayer, located } from './layer.ts';

/** A layer, or a layer with its name in the model. */
export type SequentialEntry = Layer | readonly [name: string, layer: Layer];

export class Sequential implements Layer {
  readonly type = 'sequential';
  /** The layers by name, in the order of their calls. */
  readonly layers: ReadonlyMap<string, Layer>;

  constructor(entries: readonly SequentialEntry[]) {
    this.layers = named(entries);
  }

  /**
   * Builds every layer for the output shape of the layer before it. Each layer's random numbers depend on its name.
   * @param inputShape the shape of one example, without the batch axis
   * @param seed of the initial weights, by default 0
   */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const key = randomKey(seed);
    let shape = inputShape;
    for (const [name, layer] of this.layers) shape = located(name, () => layer.build(shape, key.fold(name)));
    return shape;
  }

  /**
   * @param x `[batch, …]`, the input of the first layer
   * @param context by default, that of a prediction
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    checkInput(this, x);
    return scope(() => {
      let y = x;
      for (const [name, layer] of this.layers) {
        const input = y;
        const last = input === x ? context.isHandedOver(x, this) : ownedByScope(input);
        y = callChild(name, layer, input, context, (part, inside) => {
          if (last) inside.handOver(input, part);
          return part.call(input, inside);
        });
        if (y !== input && ownedByScope(input)) input.dispose(); // if a gradient needs it, the tape holds a handle of its own
      }
      return y;
    });
  }

  children(): Iterable<readonly [string, Layer]> {
    return this.layers;
  }
}

/** The layers by name. A layer without a name gets its type and a number: `conv2d1`, `conv2d2`. */
function named(entries: readonly SequentialEntry[]): Map<string, Layer> {
  const layers = new Map<string, Layer>();
  const counts = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const [given, layer] = isNamed(entry) ? entry : [undefined, entry];
    if (!isLayer(layer))
      throw new SinapseError(`sequential: entry ${i} of the list must be a layer, or [name, layer], got ${shown(entry)}`);
    const count = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, count);
    const name = given ?? `${layer.type}${count}`;
    if (name === '' || name.includes('/')) throw new SinapseError(`sequential: '${name}' is not a name; names are not empty and have no /`);
    if (layers.has(name)) throw new SinapseError(`sequential: two layers are named ${name}`);
    for (const [other, seen] of layers)
      if (seen === layer)
        throw new SinapseError(`sequential: ${other} and ${name} are one layer; make two, or share its weights in a call of your own`);
    layers.set(name, layer);
  }
  return layers;
}

function isNamed(entry: SequentialEntry): entry is readonly [string, Layer] {
  return Array.isArray(entry);
}

/**
 * A model that calls layers one after another. Their names appear in paths and model files. A layer without a name gets its type and a
 * number: `sequential([conv2d({ filters: 6, kernelSize: 5 }), ['classifier', dense({ units: 10 })]])` has `conv2d1` and `classifier`.
 * @throws SinapseError when the list is empty, an entry is not a layer, two layers have the same name, or a layer occurs twice
 */
export function sequential(entries: readonly SequentialEntry[]): Sequential {
  if (!Array.isArray(entries) || entries.length === 0) throw new SinapseError('sequential: expected a list of at least one layer');
  return new Sequential(entries);
}

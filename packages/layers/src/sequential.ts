// A model of layers that are called one after another.

import type { LayerCall, OptionChecks, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, checkOptions, ownedByScope, randomKey, scope, shown, shownName } from '@sinapse/core';
import { checkInput, checkInputShape } from './build.ts';
import type { Layer } from './layer.ts';
import { callChild, isLayer, located } from './layer.ts';
import { printsAsModel } from './print.ts';

/** A layer, or a layer with its name in the model. */
export type SequentialEntry = Layer | readonly [name: string, layer: Layer];

export interface SequentialOptions {
  /**
   * The call that makes this model, if it is one of your own: a model file then names your function and its arguments in place of the layers,
   * and whoever opens the file gives that function, too. It is needed for layers that cannot be described, e.g. with an activation of your own.
   */
  readonly madeBy?: LayerCall;
}

const SEQUENTIAL: OptionChecks<SequentialOptions> = {
  madeBy: { expected: "{ layer: the function's name, arguments: a list }", accepts: isCall },
};

function isCall(value: unknown): boolean {
  const { layer, arguments: given } = { ...(value as Partial<LayerCall>) };
  return typeof layer === 'string' && Array.isArray(given);
}

/** The longest name of a layer, in characters. */
const LONGEST_NAME = 200;

/** Line breaks, control characters and slashes: names stand in paths and messages. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cf}\u2028\u2029/]/u;

export class Sequential implements Layer {
  readonly type = 'sequential';
  /** The layers by name, in the order of their calls. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** The input shape for which the model was built last, without the batch axis; undefined until then. */
  inputShape: Shape | undefined;
  private readonly madeBy: LayerCall | undefined;

  constructor(entries: readonly SequentialEntry[], { madeBy }: SequentialOptions = {}) {
    this.layers = named(entries);
    this.madeBy = madeBy;
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
    this.inputShape = [...inputShape];
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

  describe(): LayerCall {
    return this.madeBy ?? { layer: this.type, arguments: [[...this.layers]] };
  }
}

printsAsModel(Sequential, 'Sequential');

/** The layers by name. A layer without a name gets its type and a number: `conv2d1`, `conv2d2`. */
function named(entries: readonly SequentialEntry[]): Map<string, Layer> {
  const layers = new Map<string, Layer>();
  const names = new Map<Layer, string>();
  const counts = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const [given, layer] = isNamed(entry) ? entry : [undefined, entry];
    if (!isLayer(layer))
      throw new SinapseError(`sequential: entry ${i} of the list must be a layer, or [name, layer], got ${shown(entry)}`);
    const count = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, count);
    const name = given ?? `${layer.type}${count}`;
    if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME || NOT_IN_NAMES.test(name))
      throw new SinapseError(`sequential: ${shown(name)} is not a name; names have 1 to ${LONGEST_NAME} visible characters and no /`);
    if (layers.has(name)) throw new SinapseError(`sequential: two layers are named ${shownName(name)}`);
    const other = names.get(layer);
    if (other !== undefined)
      throw new SinapseError(
        `sequential: ${shownName(other)} and ${shownName(name)} are one layer; make two, or share its weights in a call of your own`,
      );
    layers.set(name, layer);
    names.set(layer, name);
  }
  return layers;
}

function isNamed(entry: SequentialEntry): entry is readonly [string, Layer] {
  return Array.isArray(entry) && entry.length === 2;
}

/**
 * A model that calls layers one after another. Their names appear in paths and model files. A layer without a name gets its type and a
 * number: `sequential([conv2d({ filters: 6, kernelSize: 5 }), ['classifier', dense({ units: 10 })]])` has `conv2d1` and `classifier`.
 * @throws SinapseError when the list is empty, an entry is not a layer, two layers have the same name, or a layer occurs twice
 */
export function sequential(entries: readonly SequentialEntry[], options: SequentialOptions = {}): Sequential {
  if (!Array.isArray(entries) || entries.length === 0) throw new SinapseError('sequential: expected a list of at least one layer');
  checkOptions('sequential', options, SEQUENTIAL);
  return new Sequential(entries, options);
}

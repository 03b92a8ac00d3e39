// A model of layers that are called one after another.

import type { Check, LayerCall, OptionChecks, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, checkOptions, ownedByScope, randomKey, scope } from '@sinapse/core';
import { checkInput, checkInputShape } from './build.ts';
import type { Container, Wiring } from './graph/wiring.ts';
import { chain } from './graph/wiring.ts';
import type { AnyLayer, Layer } from './layer.ts';
import { callChild, located } from './layer.ts';
import type { SequentialEntry } from './names.ts';
import { named } from './names.ts';
import { printsAsModel } from './print.ts';

export interface SequentialOptions {
  /**
   * The call that makes this model, if it is one of your own: a model file then names your function and its arguments in place of the layers,
   * and whoever opens the file gives that function, too. It is needed for layers that cannot be described, e.g. with an activation of your own.
   */
  readonly madeBy?: LayerCall;
}

/** The check of the option `madeBy`. */
export const MADE_BY: Check = { expected: "{ layer: the function's name, arguments: a list }", accepts: isCall };

const SEQUENTIAL: OptionChecks<SequentialOptions> = { madeBy: MADE_BY };

function isCall(value: unknown): boolean {
  const { layer, arguments: given } = { ...(value as Partial<LayerCall>) };
  return typeof layer === 'string' && Array.isArray(given);
}

export class Sequential implements Layer, Container {
  readonly type = 'sequential';
  /** The layers by name, in the order of their calls. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** The input shape for which the model was built last, without the batch axis; undefined until then. */
  inputShape: Shape | undefined;
  private readonly madeBy: LayerCall | undefined;

  constructor(entries: readonly SequentialEntry[], { madeBy }: SequentialOptions = {}) {
    this.layers = named('sequential', entries);
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

  wiring(): Wiring {
    return chain(this.layers);
  }

  withLayers(change: (name: string, layer: AnyLayer) => AnyLayer): Sequential {
    const changed = new Sequential([...this.layers].map(([name, layer]) => [name, change(name, layer) as Layer]));
    changed.inputShape = this.inputShape;
    return changed;
  }

  describe(): LayerCall {
    return this.madeBy ?? { layer: this.type, arguments: [[...this.layers]] };
  }
}

printsAsModel(Sequential, 'Sequential');

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

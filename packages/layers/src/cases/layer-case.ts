// Layer cases: ways to use a layer, with options and shapes drawn at random. They are data for tests; the layers do not need them.

import type { RandomKey, Seed, Shape, Tensor } from '@sinapse/core';
import { RandomStream } from '@sinapse/core';
import type { ActivationName, ActivationOption } from '../activation-option.ts';
import type { Layer } from '../layer.ts';

/** A layer, not yet built, and what it should make of an input. */
export interface LayerExample {
  readonly layer: Layer;
  /** The shape of one example, without the batch axis; small, since gradients are checked element by element. */
  readonly inputShape: Shape;
  /** The shape that the layer should give for it, from the definition of the layer. */
  readonly outputShape: Shape;
  /** Makes a batch; by default float32 from the standard normal distribution. Inputs of other dtypes have no gradient. */
  readonly batch?: (shape: Shape, seed: Seed) => Tensor;
}

export interface LayerCase {
  /** The layer's function, then what is special here: `conv2d, grouped`. */
  readonly name: string;
  /** The name of the layer's function in `allLayers`. */
  readonly layer: string;
  /** Makes an example; the same draws make the same one. */
  readonly draw: (random: Draws) => LayerExample;
}

/** @param name the layer's function, and after a comma what is special in this case */
export function layerCase(name: string, draw: LayerCase['draw']): LayerCase {
  return { name, layer: name.split(',')[0]!, draw };
}

/** Activations with derivatives everywhere but at single points, one of each kind of implementation. */
const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'tanh', 'elu', 'swish', 'softmax'];

/** Random choices of options and shapes. */
export class Draws {
  private readonly stream: RandomStream;

  constructor(key: RandomKey) {
    this.stream = new RandomStream(key);
  }

  /** From low to high, both included. */
  integer(low: number, high: number): number {
    return low + this.stream.below(high - low + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.stream.below(list.length)]!;
  }

  flag(): boolean {
    return this.stream.below(2) === 1;
  }

  /** From low to high. */
  number(low: number, high: number): number {
    return low + (high - low) * this.stream.uniform();
  }

  /** As many lengths as given, each from 1 to 4. */
  lengths(count: number): number[] {
    return Array.from({ length: count }, () => this.integer(1, 4));
  }

  activation(): ActivationOption {
    return this.pick(ACTIVATIONS);
  }
}

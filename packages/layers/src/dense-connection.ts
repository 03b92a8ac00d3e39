// Dense connections: layers add channels to their input, so that every later layer sees what every earlier one found.

import type { LayerCall, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, randomKey, scope } from '@sinapse/core';
import { checkInput, checkInputShape } from './build.ts';
import type { Container, Wiring } from './graph/wiring.ts';
import { Wires } from './graph/wiring.ts';
import type { AnyLayer, Layer } from './layer.ts';
import { callChild, located } from './layer.ts';
import type { Concatenate } from './merge/concatenate.ts';
import { concatenate } from './merge/concatenate.ts';
import type { SequentialEntry } from './names.ts';
import { freeName, named } from './names.ts';
import { printsAsModel } from './print.ts';
import { Sequential } from './sequential.ts';

export class DenseConnection implements Layer, Container {
  readonly type = 'denseConnection';
  private readonly added: Sequential;
  private readonly joining: Concatenate = concatenate();
  private readonly joiningName: string;

  constructor(layers: readonly SequentialEntry[]) {
    this.added = new Sequential([...named('denseConnection', layers)]);
    this.joiningName = freeName('concatenate', (name) => this.added.layers.has(name));
  }

  /** @returns the input shape with the channels of what the layers give added to its own */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const key = randomKey(seed);
    const added = this.added.build(inputShape, key);
    return located(this.joiningName, () => this.joining.build([inputShape, added]));
  }

  /**
   * concat(x, layers(x)) along the last axis.
   * @param x `[batch, …, channels]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    checkInput(this, x);
    return scope(() => callChild(this.joiningName, this.joining, [x, this.added.call(x, context)], context));
  }

  /** The layers that add channels. */
  children(): Iterable<readonly [string, Layer]> {
    return this.added.layers;
  }

  wiring(): Wiring {
    const wires = new Wires();
    return wires.done(wires.add(this.joiningName, this.joining, [0, wires.chain(this.added.layers, 0)]));
  }

  withLayers(change: (name: string, layer: AnyLayer) => AnyLayer): DenseConnection {
    return new DenseConnection([...this.added.layers].map(([name, layer]) => [name, change(name, layer) as Layer]));
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [[...this.added.layers]] };
  }
}

printsAsModel(DenseConnection, 'DenseConnection');

/**
 * A layer of a dense block: `denseConnection([batchNorm({ activation: 'relu' }), conv2d({ filters: 12, kernelSize: 3, padding: 'same' })])` gives
 * its input with 12 more channels. Several of them, one after another, are a dense block. Huang, Liu, van der Maaten, Weinberger 2017, "Densely
 * connected convolutional networks", section 3.
 * @param layers one after another, as `sequential` takes them; they keep the size of the image
 * @throws SinapseError when the list is empty, or an entry is not a layer
 */
export function denseConnection(layers: readonly SequentialEntry[]): DenseConnection {
  if (!Array.isArray(layers) || layers.length === 0) throw new SinapseError('denseConnection: expected a list of at least one layer');
  return new DenseConnection(layers);
}

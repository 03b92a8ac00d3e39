// Layer C3 of the original network, and H3 of LeNet-1: a convolution in which each feature map sees only some of the maps before it.

import type { Context, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, conv2d, formatShape, gather, hostUniform, pad, randomKey, sizeOf, specOf, writeAt } from '@sinapse/core';
import type { Initializer, Layer } from '@sinapse/layers';
import { built, builtParameters, initializers, makeParameter, outputShapeOf, printsAsModel } from '@sinapse/layers';
import { initialBound, squash } from './squash.ts';

const WINDOW = 5;

/** For each output map, the input maps that it combines. */
export type Connections = readonly (readonly number[])[];

/** The index of the connection between each input and output map, `[inputs, outputs]`; the number of connections if they are not connected. */
function numberConnections(connections: Connections, inputMaps: number): Int32Array {
  const numbers = new Int32Array(inputMaps * connections.length).fill(connections.flat().length);
  let next = 0;
  connections.forEach((inputs, output) => {
    for (const input of inputs) numbers[input * connections.length + output] = next++;
  });
  return numbers;
}

/** The initial weights. Their bound depends on the number of inputs of the connection's unit: 25 for each map. */
function initialKernel(connections: Connections): Initializer {
  const bounds = connections.flatMap((inputs) => inputs.map(() => initialBound(WINDOW * WINDOW * inputs.length)));
  return (shape, key) => hostUniform(key, sizeOf(shape), -1, 1).map((value, i) => value * bounds[i % bounds.length]!);
}

export class ConnectedMaps implements Layer {
  readonly type = 'connectedMaps';
  readonly connections: Connections;
  private readonly inputMaps: number;
  /** The number of the filter between each input and output map. */
  private readonly numbers: Int32Array;
  /** A filter of 5 by 5 for each connection, `[5, 5, connections]`; undefined until built. */
  kernel: Parameter | undefined;
  /** One for each output map; undefined until built. */
  bias: Parameter | undefined;

  constructor(connections: Connections, inputMaps: number) {
    this.connections = connections;
    this.inputMaps = inputMaps;
    this.numbers = numberConnections(connections, inputMaps);
  }

  /** @param inputShape `[height, width, inputMaps]` */
  build(inputShape: Shape, seed: Seed): Shape {
    if (inputShape.length !== 3 || inputShape[2] !== this.inputMaps) {
      throw new ShapeError(`connectedMaps: each example must be [height, width, ${this.inputMaps}], got ${formatShape(inputShape)}`);
    }
    this.kernel = makeParameter(
      [WINDOW, WINDOW, this.connections.flat().length],
      initialKernel(this.connections),
      randomKey(seed).fold('kernel'),
    );
    this.bias = makeParameter([this.connections.length], initializers.zeros, randomKey(seed).fold('bias'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * f(x * filter + bias), where the filter is 0 between maps that are not connected.
   * @param x float32 `[batch, height, width, inputMaps]`
   * @returns `[batch, height - 4, width - 4, outputMaps]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    const withZero = pad(built(this, this.kernel).value, [[0, 0], [0, 0], [0, 1]]); // prettier-ignore
    const numbers = writeAt(x, specOf('int32', [this.inputMaps, this.connections.length]), this.numbers);
    const filter = gather(withZero, numbers, 2); // [5, 5, inputMaps, outputMaps]
    return squash(conv2d(x, filter, { bias: built(this, this.bias).value }));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }
}

printsAsModel(ConnectedMaps, 'ConnectedMaps');

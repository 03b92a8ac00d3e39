// Layer C3 of the original network: a convolution in which each feature map sees only some of the maps before it.

import type { Context, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, conv2d, formatShape, gather, hostUniform, pad, randomKey, specOf, writeAt } from '@sinapse/core';
import type { Initializer, Layer } from '@sinapse/layers';
import { built, builtParameters, initializers, makeParameter, outputShapeOf, printsAsModel } from '@sinapse/layers';
import { initialBound, squash } from './squash.ts';

/** Table I of the paper: for each of the 16 maps of C3, the maps of S2 that it combines. */
const CONNECTIONS: readonly (readonly number[])[] = [
  [0, 1, 2], // every contiguous three
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3], // every contiguous four
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4], // some discontinuous fours
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5], // all
];
const INPUT_MAPS = 6;
const WINDOW = 5;

/** The input map of each connection; connection k has filter k. */
const FLAT = CONNECTIONS.flat();

/** The index of the connection between each input and output map, `[6, 16]`; FLAT.length if they are not connected. */
const NUMBERS = numberConnections();

function numberConnections(): Int32Array {
  const numbers = new Int32Array(INPUT_MAPS * CONNECTIONS.length).fill(FLAT.length);
  let next = 0;
  CONNECTIONS.forEach((inputs, output) => {
    for (const input of inputs) numbers[input * CONNECTIONS.length + output] = next++;
  });
  return numbers;
}

/** The initial weights. Their bound depends on the number of inputs of the connection's unit: 75, 100 or 150. */
const initialKernel: Initializer = (shape, key) => {
  const unit = hostUniform(key, shape.reduce((a, b) => a * b, 1), -1, 1); // prettier-ignore
  const bounds = CONNECTIONS.flatMap((inputs) => inputs.map(() => initialBound(WINDOW * WINDOW * inputs.length)));
  return unit.map((value, i) => value * bounds[i % bounds.length]!);
};

export class ConnectedMaps implements Layer {
  readonly type = 'connectedMaps';
  /** A filter for each connection, `[5, 5, 60]`; undefined until built. */
  kernel: Parameter | undefined;
  /** `[16]`; undefined until built. */
  bias: Parameter | undefined;

  /** @param inputShape `[height, width, 6]` */
  build(inputShape: Shape, seed: Seed): Shape {
    if (inputShape.length !== 3 || inputShape[2] !== INPUT_MAPS) {
      throw new ShapeError(`connectedMaps: each example must be [height, width, ${INPUT_MAPS}], got ${formatShape(inputShape)}`);
    }
    this.kernel = makeParameter([WINDOW, WINDOW, FLAT.length], initialKernel, randomKey(seed).fold('kernel'));
    this.bias = makeParameter([CONNECTIONS.length], initializers.zeros, randomKey(seed).fold('bias'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * f(x * filter + bias), where the filter is 0 between maps that are not connected.
   * @param x float32 `[batch, height, width, 6]`
   * @returns `[batch, height - 4, width - 4, 16]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    const withZero = pad(built(this, this.kernel).value, [[0, 0], [0, 0], [0, 1]]); // prettier-ignore
    const numbers = writeAt(x, specOf('int32', [INPUT_MAPS, CONNECTIONS.length]), NUMBERS);
    const filter = gather(withZero, numbers, 2); // [5, 5, 6, 16]
    return squash(conv2d(x, filter, { bias: built(this, this.bias).value }));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }
}

printsAsModel(ConnectedMaps, 'ConnectedMaps');

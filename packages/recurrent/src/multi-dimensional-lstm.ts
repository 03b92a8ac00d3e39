// A long short-term memory that reads an image from its corners: each pixel goes on from the one above and the one beside it. Graves, Fernández,
// Schmidhuber 2007, "Multi-dimensional recurrent neural networks". All pixels of a diagonal are one step, since each depends on the diagonal before.

import type { LayerCall, OptionChecks, RandomKey, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  Parameter,
  ShapeError,
  SinapseError,
  add,
  check,
  checkOptions,
  checkValue,
  concat,
  flip,
  formatShape,
  isTensor,
  linear,
  matmul,
  mul,
  pad,
  randomKey,
  reshape,
  scope,
  shown,
  sigmoid,
  slice,
  split,
  stack,
  tanh,
  tensor,
  transpose,
  zeros,
} from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { initializers, makeParameter, outputShapeOf, printsAsModel } from '@sinapse/layers';
import type { UnrolledCell } from './cell.ts';
import { made, madeParameters } from './cell-weights.ts';
import { SHAPE } from './recurrent.ts';
import { unroll } from './unroll.ts';

export interface MultiDimensionalLstmOptions {
  /** The length of the state of one direction; an integer >= 1. */
  readonly units: number;
  /** From how many corners the image is read: from all four (default), whose outputs stand side by side, or from the upper left one. */
  readonly directions?: 1 | 4;
}

const OPTIONS: OptionChecks<MultiDimensionalLstmOptions> = {
  units: check.required(check.count),
  directions: { expected: '1 or 4', accepts: (value) => value === 1 || value === 4 },
};

/** Which axes of a batch of images are turned so that each corner is the upper left one. */
const CORNERS: Readonly<Record<string, readonly number[]>> = { upperLeft: [], upperRight: [2], lowerLeft: [1], lowerRight: [1, 2] };

/** The weights of one direction: the gates are input, forget upwards, forget sideways, candidate, output. */
class Direction {
  readonly units: number;
  /** `[channels, 5 · units]`. */
  readonly kernel: Parameter;
  /** `[units, 5 · units]`, from the pixel above. */
  readonly recurrentAbove: Parameter;
  /** `[units, 5 · units]`, from the pixel beside. */
  readonly recurrentBeside: Parameter;
  /** `[5 · units]`. */
  readonly bias: Parameter;

  constructor(units: number, channels: number, key: RandomKey) {
    const { glorotUniform, orthogonal } = initializers;
    this.units = units;
    this.kernel = makeParameter([channels, 5 * units], glorotUniform, key.fold('kernel'));
    this.recurrentAbove = makeParameter([units, 5 * units], orthogonal(), key.fold('above'));
    this.recurrentBeside = makeParameter([units, 5 * units], orthogonal(), key.fold('beside'));
    // Forget gates at 1 keep both memories.
    const forget = (shape: Shape): Float32Array =>
      Float32Array.from({ length: shape[0]! }, (_, i) => (i >= units && i < 3 * units ? 1 : 0));
    this.bias = makeParameter([5 * units], forget, key.fold('bias'));
  }

  /** @param x `[batch, height, width, channels]` @returns `[batch, height, width, units]` */
  read(x: Tensor): Tensor {
    const { units } = this;
    const [batch, height, width] = x.shape as readonly [number, number, number, number];
    const sums = skewed(linear(x, this.kernel.value, this.bias.value));
    const inside = insideOf(height, width);
    const [above, beside] = [this.recurrentAbove.value, this.recurrentBeside.value];
    const rows = (h: Tensor, weight: Tensor): Tensor =>
      reshape(matmul(reshape(h, [batch * height, units]), weight), [batch, height, 5 * units]);
    const below = (state: Tensor): Tensor => concat([zeros([batch, 1, units]), slice(state, [null, { end: height - 1 }])], 1);
    const cell: UnrolledCell = {
      // The last number of a pixel says whether it lies in the image.
      inputs: transpose(concat([sums, inside(batch)], 3), [2, 0, 1, 3]),
      step: (input, [h, c]) => {
        const [x, there] = split(input, [5 * units, 1], 2) as [Tensor, Tensor];
        const gates = add(add(x, rows(below(h!), above)), rows(h!, beside));
        const [i, up, side, g, o] = split(gates, 5, 2) as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const kept = add(mul(sigmoid(up), below(c!)), mul(sigmoid(side), c!));
        const next = mul(add(kept, mul(sigmoid(i), tanh(g))), there);
        const y = mul(mul(sigmoid(o), tanh(next)), there);
        return { y, state: [y, next] };
      },
    };
    const initial = [zeros([batch, height, units]), zeros([batch, height, units])];
    const { ys } = unroll('multiDimensionalLstm', cell, initial, { mask: undefined, reverse: false, truncation: undefined });
    return upright(stack(ys, 2), width);
  }

  children(): [string, Parameter][] {
    const { kernel, recurrentAbove, recurrentBeside, bias } = this;
    return madeParameters('multiDimensionalLstm', { kernel, recurrentAbove, recurrentBeside, bias });
  }
}

/** Row r moved right by r: `[batch, height, width, n]` to `[batch, height, width + height - 1, n]`. Column d holds the diagonal d. */
function skewed(x: Tensor): Tensor {
  const [batch, height, width, n] = x.shape as readonly [number, number, number, number];
  const long = reshape(pad(x, [[0, 0], [0, 0], [0, height], [0, 0]]), [batch, height * (width + height), n]); // prettier-ignore
  return reshape(slice(long, [null, { end: height * (width + height - 1) }]), [batch, height, width + height - 1, n]);
}

/** The inverse of `skewed`. */
function upright(x: Tensor, width: number): Tensor {
  const [batch, height, diagonals, n] = x.shape as readonly [number, number, number, number];
  const long = pad(reshape(x, [batch, height * diagonals, n]), [[0, 0], [0, height], [0, 0]]); // prettier-ignore
  return slice(reshape(long, [batch, height, diagonals + 1, n]), [null, null, { end: width }]);
}

/** 1 where a place of the skewed image lies in the image, else 0: `[batch, height, width + height - 1, 1]`. */
function insideOf(height: number, width: number): (batch: number) => Tensor {
  const diagonals = width + height - 1;
  const one = Float32Array.from({ length: height * diagonals }, (_, at) => {
    const column = (at % diagonals) - Math.floor(at / diagonals);
    return column >= 0 && column < width ? 1 : 0;
  });
  return (batch) => zeros([batch, height, diagonals, 1]).add(tensor(one, { shape: [1, height, diagonals, 1] }));
}

export class MultiDimensionalLstm implements Layer {
  readonly type = 'multiDimensionalLstm';
  readonly units: number;
  readonly directions: 1 | 4;
  private corners: Readonly<Record<string, Direction>> | undefined;

  constructor({ units, directions = 4 }: MultiDimensionalLstmOptions) {
    this.units = units;
    this.directions = directions;
  }

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkValue(`${this.type}: build: inputShape`, inputShape, SHAPE);
    if (inputShape.length !== 3 || inputShape.includes(0))
      throw new ShapeError(`${this.type}: each example must be [height, width, channels], got ${formatShape(inputShape)}`);
    const names = Object.keys(CORNERS).slice(0, this.directions);
    const key = randomKey(seed);
    this.corners = Object.fromEntries(names.map((name) => [name, new Direction(this.units, inputShape[2]!, key.fold(name))]));
    return outputShapeOf(this, inputShape);
  }

  /** @param x float32 `[batch, height, width, channels]` @returns `[batch, height, width, directions · units]` */
  call(x: Tensor, _?: Context): Tensor {
    if (!isTensor(x)) throw new SinapseError(`${this.type}: call: expected a tensor [batch, …], got ${shown(x)}`);
    if (x.rank !== 4 || x.shape.slice(1, 3).includes(0))
      throw new ShapeError(`${this.type}: takes [batch, height, width, channels], got ${formatShape(x.shape)}`);
    return scope(() => {
      const read = Object.entries(made(this.type, this.corners)).map(([name, direction]) => {
        const turn = (image: Tensor): Tensor => (CORNERS[name]!.length === 0 ? image : flip(image, CORNERS[name]));
        return turn(direction.read(turn(x)));
      });
      return concat(read, 3);
    });
  }

  children(): [string, Direction][] {
    return Object.entries(made(this.type, this.corners));
  }

  describe(): LayerCall {
    const { type: layer, units, directions } = this;
    return { layer, arguments: [{ units, directions }] };
  }
}

printsAsModel(MultiDimensionalLstm, 'MultiDimensionalLstm');

/**
 * A long short-term memory over images: `multiDimensionalLstm({ units: 8 })` turns `[height, width, channels]` into `[height, width, 32]`, read from four
 * corners. Graves, Fernández, Schmidhuber 2007.
 * @throws SinapseError when an option is unknown or out of range
 */
export function multiDimensionalLstm(options: MultiDimensionalLstmOptions): MultiDimensionalLstm {
  checkOptions('multiDimensionalLstm', options, OPTIONS);
  return new MultiDimensionalLstm(options);
}

// Brings the axes of each example into another order.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { ShapeError, checkValue, formatShape, transpose } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class Permute implements Layer {
  readonly type = 'permute';
  readonly axes: readonly number[];

  constructor(axes: readonly number[]) {
    this.axes = [...axes];
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, …]`, with as many axes after the batch as `axes` names
   * @throws ShapeError when it has more or fewer
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank !== this.axes.length + 1)
      throw new ShapeError(
        `permute: ${formatShape(this.axes)} orders ${this.axes.length} axes, an example ${formatShape(x.shape.slice(1))} has ${x.rank - 1}`,
      );
    return transpose(x, [0, ...this.axes]);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.axes] };
  }
}

printsAsModel(Permute, 'Permute');

/**
 * Brings the axes of each example into another order: `permute([2, 1])` turns `[time, features]` into `[features, time]`. Axis 0 is the batch, and
 * stays.
 * @param axes the axes 1 to n, each once
 * @throws SinapseError when it is not such a list
 */
export function permute(axes: readonly number[]): Permute {
  checkValue('permute', axes, {
    expected: 'the axes of an example in their new order, e.g. [2, 1]: the numbers 1 to n, each once',
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && [...(value as number[])].sort((a, b) => a - b).every((axis, i) => axis === i + 1),
  });
  return new Permute(axes);
}

// Gives each example another shape.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { ShapeError, checkValue, formatShape, reshape as arrange, sizeOf } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class Reshape implements Layer {
  readonly type = 'reshape';
  readonly targetShape: Shape;

  constructor(targetShape: Shape) {
    this.targetShape = [...targetShape];
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, …]`
   * @returns `[batch, …targetShape]`, the same values in row-major order; nothing is copied
   * @throws ShapeError when an example has another number of values
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank === 0) throw new ShapeError('reshape: input must have a batch axis, got a scalar');
    const size = sizeOf(x.shape.slice(1));
    const known = this.targetShape.reduce((product, length) => (length === -1 ? product : product * length), 1);
    const shape = this.targetShape.map((length) => (length === -1 ? size / known : length));
    if (sizeOf(shape.map(Math.floor)) !== size)
      throw new ShapeError(
        `reshape: an example ${formatShape(x.shape.slice(1))} has ${size} values, which do not fit ${formatShape(this.targetShape)}`,
      );
    return arrange(x, [x.shape[0]!, ...shape]);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.targetShape] };
  }
}

printsAsModel(Reshape, 'Reshape');

/**
 * Gives each example another shape, without moving values: `reshape([7, 7, 64])`. One length may be -1, for what remains.
 * @param targetShape without the batch axis: integers >= 1, and at most one -1
 * @throws SinapseError when it is not such a list
 */
export function reshape(targetShape: Shape): Reshape {
  checkValue('reshape', targetShape, {
    expected: 'the shape of one example: integers >= 1, and at most one -1',
    accepts: (value) =>
      Array.isArray(value) &&
      value.every((length) => length === -1 || (Number.isSafeInteger(length) && (length as number) >= 1)) &&
      value.filter((length) => length === -1).length <= 1,
  });
  return new Reshape(targetShape);
}

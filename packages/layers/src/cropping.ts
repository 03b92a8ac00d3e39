// What the layers share that cut the borders of sequences, images and volumes off.

import type { Border, Context, Dimensions, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkSpace, formatShape, slice } from '@sinapse/core';
import { checkInput, outputShapeOf, sidesOf } from './build.ts';
import type { Layer } from './layer.ts';

export interface CroppingOptions<D extends Dimensions> {
  /** The number of elements cut off at every side, or at each side. Default 1. */
  readonly cropping?: Border<D>;
}

/** The checks of the options in a space. */
export function croppingChecks(dimensions: Dimensions): OptionChecks<CroppingOptions<Dimensions>> {
  return { cropping: check.border(dimensions) };
}

export abstract class Cropping<D extends Dimensions> implements Layer {
  abstract readonly type: string;
  readonly cropping: Border<D>;
  protected abstract readonly dimensions: D;

  constructor({ cropping = 1 }: CroppingOptions<D>) {
    this.cropping = cropping;
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, …axes, channels]`
   * @returns the same without the border
   * @throws ShapeError when nothing is left
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    checkSpace(this.type, this.dimensions, x.shape);
    const sides = sidesOf(this.cropping, this.dimensions);
    if (sides.some(([before, after], axis) => before + after >= x.shape[axis + 1]!))
      throw new ShapeError(
        `${this.type}: the cropping ${JSON.stringify(this.cropping)} leaves nothing of the input ${formatShape(x.shape)}`,
      );
    return slice(x, [null, ...sides.map(([before, after], axis) => ({ begin: before, end: x.shape[axis + 1]! - after }))]);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [{ cropping: this.cropping }] };
  }
}

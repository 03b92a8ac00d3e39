// What the layers share that put zeros around sequences, images and volumes.

import type { Border, Context, Dimensions, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { check, checkSpace, pad } from '@sinapse/core';
import { checkInput, outputShapeOf, sidesOf } from './build.ts';
import type { Layer } from './layer.ts';

export interface ZeroPaddingOptions<D extends Dimensions> {
  /** The number of zeros at every side, or at each side. Default 1. */
  readonly padding?: Border<D>;
}

/** The checks of the options in a space. */
export function zeroPaddingChecks(dimensions: Dimensions): OptionChecks<ZeroPaddingOptions<Dimensions>> {
  return { padding: check.border(dimensions) };
}

export abstract class ZeroPadding<D extends Dimensions> implements Layer {
  abstract readonly type: string;
  readonly padding: Border<D>;
  protected abstract readonly dimensions: D;

  constructor({ padding = 1 }: ZeroPaddingOptions<D>) {
    this.padding = padding;
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, …axes, channels]`
   * @returns the same with the border
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    checkSpace(this.type, this.dimensions, x.shape);
    return pad(x, [[0, 0], ...sidesOf(this.padding, this.dimensions), [0, 0]]);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [{ padding: this.padding }] };
  }
}

// The largest element of windows that slide over an image.

import type { Context, LayerCall, OptionChecks, Padding, PairLike, Pool2dOptions, Shape, Tensor } from '@sinapse/core';
import { check, checkOptions, maxPool2d as poolMaxima } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

/** The checks of the options. */
export const MAX_POOL2D: OptionChecks<Pool2dOptions> = { window: check.pair, strides: check.pair, padding: check.padding };

export class MaxPool2d implements Layer {
  readonly type = 'maxPool2d';
  readonly window: PairLike;
  readonly strides: PairLike;
  readonly padding: Padding;

  constructor({ window = 2, strides = window, padding = 'valid' }: Pool2dOptions = {}) {
    this.window = window;
    this.strides = strides;
    this.padding = padding;
  }

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, outputHeight, outputWidth, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { window, strides, padding } = this;
    return poolMaxima(x, { window, strides, padding });
  }

  describe(): LayerCall {
    const { type: layer, window, strides, padding } = this;
    return { layer, arguments: [{ window, strides, padding }] };
  }
}

printsAsModel(MaxPool2d, 'MaxPool2d');

/**
 * Max pooling: `maxPool2d({ window: 2 })`. If strides are smaller than the window, windows overlap. Padding is never the largest element.
 * @throws SinapseError when an option is out of range
 */
export function maxPool2d(options: Pool2dOptions = {}): MaxPool2d {
  checkOptions('maxPool2d', options, MAX_POOL2D);
  return new MaxPool2d(options);
}

// The mean of windows that slide over an image.

import type { AvgPool2dOptions, Context, LayerCall, OptionChecks, Padding, PairLike, Shape, Tensor } from '@sinapse/core';
import { avgPool2d as poolMeans, check, checkOptions } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';
import { MAX_POOL2D } from './max-pool2d.ts';

const AVG_POOL2D: OptionChecks<AvgPool2dOptions> = { ...MAX_POOL2D, includePadding: check.flag };

export class AvgPool2d implements Layer {
  readonly type = 'avgPool2d';
  readonly window: PairLike;
  readonly strides: PairLike;
  readonly padding: Padding;
  readonly includePadding: boolean;

  constructor({ window = 2, strides = window, padding = 'valid', includePadding = false }: AvgPool2dOptions = {}) {
    this.window = window;
    this.strides = strides;
    this.padding = padding;
    this.includePadding = includePadding;
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
    const { window, strides, padding, includePadding } = this;
    return poolMeans(x, { window, strides, padding, includePadding });
  }

  describe(): LayerCall {
    const { type: layer, window, strides, padding, includePadding } = this;
    return { layer, arguments: [{ window, strides, padding, includePadding }] };
  }
}

printsAsModel(AvgPool2d, 'AvgPool2d');

/**
 * Average pooling: `avgPool2d({ window: 2 })`.
 * @throws SinapseError when an option is out of range
 */
export function avgPool2d(options: AvgPool2dOptions = {}): AvgPool2d {
  checkOptions('avgPool2d', options, AVG_POOL2D);
  return new AvgPool2d(options);
}

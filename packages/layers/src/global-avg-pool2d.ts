// The mean of each channel over a whole image.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { ShapeError, formatShape, globalAvgPool2d as meanOfChannels } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class GlobalAvgPool2d implements Layer {
  readonly type = 'globalAvgPool2d';

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank !== 4) throw new ShapeError(`globalAvgPool2d: input must be [batch, height, width, channels], got ${formatShape(x.shape)}`);
    return meanOfChannels(x);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}

printsAsModel(GlobalAvgPool2d, 'GlobalAvgPool2d');

/** Global average pooling: replaces `flatten()` before a classifier. Lin, Chen, Yan 2014. */
export function globalAvgPool2d(): GlobalAvgPool2d {
  return new GlobalAvgPool2d();
}

// Spatial dropout: drops whole channels, since neighbouring pixels of a channel say much the same.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { ShapeError, checkOptions, dropout as drop, fillAt, formatShape, mul } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { DropoutOptions } from './dropout.ts';
import { DROPOUT } from './dropout.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

const EXAMPLES = { 1: '[time, channels]', 2: '[height, width, channels]', 3: '[depth, height, width, channels]' } as const;

export class SpatialDropout implements Layer {
  readonly type: `spatialDropout${1 | 2 | 3}d`;
  readonly rate: number;
  private readonly dimensions: 1 | 2 | 3;

  constructor(dimensions: 1 | 2 | 3, { rate }: DropoutOptions) {
    this.type = `spatialDropout${dimensions}d`;
    this.rate = rate;
    this.dimensions = dimensions;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * In training, sets each channel of each example to 0 with probability `rate` and divides the others by 1 - rate. Otherwise, returns x.
   * @param x float32 `[batch, …, channels]`
   * @throws ShapeError when x has another number of axes; SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank !== this.dimensions + 2)
      throw new ShapeError(`${this.type}: each example must be ${EXAMPLES[this.dimensions]}, got ${formatShape(x.shape.slice(1))}`);
    if (context?.training !== true || this.rate === 0) return x.alias();
    const channels = x.shape.map((length, i) => (i === 0 || i === x.rank - 1 ? length : 1));
    return mul(x, drop(fillAt(x, channels, 1, x.dtype), this.rate, context.key));
  }

  describe(): LayerCall {
    const { type: layer, rate } = this;
    return { layer, arguments: [{ rate }] };
  }
}

printsAsModel(SpatialDropout, 'SpatialDropout');

/**
 * Dropout of whole features of a sequence `[time, channels]`: `spatialDropout1d({ rate: 0.2 })`. Tompson et al. 2015.
 * @throws SinapseError when the rate is out of range
 */
export function spatialDropout1d(options: DropoutOptions): SpatialDropout {
  checkOptions('spatialDropout1d', options, DROPOUT);
  return new SpatialDropout(1, options);
}

/**
 * Dropout of whole channels of an image `[height, width, channels]`: `spatialDropout2d({ rate: 0.2 })`. Tompson et al. 2015, section 3.2.
 * @throws SinapseError when the rate is out of range
 */
export function spatialDropout2d(options: DropoutOptions): SpatialDropout {
  checkOptions('spatialDropout2d', options, DROPOUT);
  return new SpatialDropout(2, options);
}

/**
 * Dropout of whole channels of a volume `[depth, height, width, channels]`: `spatialDropout3d({ rate: 0.2 })`. Tompson et al. 2015.
 * @throws SinapseError when the rate is out of range
 */
export function spatialDropout3d(options: DropoutOptions): SpatialDropout {
  checkOptions('spatialDropout3d', options, DROPOUT);
  return new SpatialDropout(3, options);
}

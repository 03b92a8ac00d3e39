// Stochastic depth: leaves out the branch of a residual block, for each example by itself.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { checkOptions, dropout as drop, fillAt, mul } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { DropoutOptions } from './dropout.ts';
import { DROPOUT } from './dropout.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class StochasticDepth implements Layer {
  readonly type = 'stochasticDepth';
  readonly rate: number;

  constructor({ rate }: DropoutOptions) {
    this.rate = rate;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * In training, sets whole examples to 0 with probability `rate` and divides the others by 1 - rate. Otherwise, returns x.
   * @param x float32 `[batch, …]`
   * @throws SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    if (context?.training !== true || this.rate === 0) return x.alias();
    const examples = x.shape.map((length, axis) => (axis === 0 ? length : 1));
    return mul(x, drop(fillAt(x, examples, 1, x.dtype), this.rate, context.key));
  }

  describe(): LayerCall {
    const { type: layer, rate } = this;
    return { layer, arguments: [{ rate }] };
  }
}

printsAsModel(StochasticDepth, 'StochasticDepth');

/**
 * Stochastic depth, the last layer of a residual branch: `residual([conv2d({ … }), stochasticDepth({ rate: 0.2 })])` gives the input alone for some
 * examples. Huang, Sun, Liu, Sedra, Weinberger 2016; here in the inverted form, so that prediction needs no factor.
 * @throws SinapseError when the rate is out of range
 */
export function stochasticDepth(options: DropoutOptions): StochasticDepth {
  checkOptions('stochasticDepth', options, DROPOUT);
  return new StochasticDepth(options);
}

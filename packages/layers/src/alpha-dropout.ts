// Alpha dropout: sets elements to the value to which selu saturates, so that mean and variance stay what they are.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { add, checkOptions, mul, randomBernoulli, where, withBackend } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { DropoutOptions } from './dropout.ts';
import { DROPOUT } from './dropout.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

/** The limit of selu: -λ α. */
const SATURATED = -1.0507009873554805 * 1.6732632423543772;

export class AlphaDropout implements Layer {
  readonly type = 'alphaDropout';
  readonly rate: number;

  constructor({ rate }: DropoutOptions) {
    this.rate = rate;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * In training, sets each element to selu's limit with probability `rate`, then scales and shifts all, so that input of mean 0 and variance 1
   * keeps both. Otherwise, returns x.
   * @param x float32, any shape
   * @throws SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    const { rate } = this;
    if (context?.training !== true || rate === 0) return x.alias();
    const { key } = context;
    const kept = withBackend(x.backend, () => randomBernoulli(x.shape, 1 - rate, { seed: key }));
    const factor = 1 / Math.sqrt((1 - rate) * (1 + rate * SATURATED ** 2));
    return add(mul(where(kept, x, SATURATED), factor), -factor * SATURATED * rate);
  }

  describe(): LayerCall {
    const { type: layer, rate } = this;
    return { layer, arguments: [{ rate }] };
  }
}

printsAsModel(AlphaDropout, 'AlphaDropout');

/**
 * Dropout for networks of dense layers with `selu` and `initializers.lecunNormal`: `alphaDropout({ rate: 0.05 })`. Klambauer, Unterthiner, Mayr,
 * Hochreiter 2017, section "New dropout technique".
 * @throws SinapseError when the rate is out of range
 */
export function alphaDropout(options: DropoutOptions): AlphaDropout {
  checkOptions('alphaDropout', options, DROPOUT);
  return new AlphaDropout(options);
}

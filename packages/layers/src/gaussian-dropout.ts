// Gaussian dropout: multiplies by random numbers around 1, of the variance that dropout has.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { checkOptions, mul, randomNormal, withBackend } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { DropoutOptions } from './dropout.ts';
import { DROPOUT } from './dropout.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class GaussianDropout implements Layer {
  readonly type = 'gaussianDropout';
  readonly rate: number;

  constructor({ rate }: DropoutOptions) {
    this.rate = rate;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * In training, multiplies each element by a number of the normal distribution with mean 1 and variance rate / (1 - rate). Otherwise, returns x.
   * @param x float32, any shape
   * @throws SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    const { rate } = this;
    if (context?.training !== true || rate === 0) return x.alias();
    const { key } = context;
    const deviation = Math.sqrt(rate / (1 - rate));
    return mul(x, withBackend(x.backend, () => randomNormal(x.shape, { seed: key, mean: 1, deviation }))); // prettier-ignore
  }

  describe(): LayerCall {
    const { type: layer, rate } = this;
    return { layer, arguments: [{ rate }] };
  }
}

printsAsModel(GaussianDropout, 'GaussianDropout');

/**
 * Dropout by multiplication with noise: `gaussianDropout({ rate: 0.5 })`. Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, section 10.
 * @throws SinapseError when the rate is out of range
 */
export function gaussianDropout(options: DropoutOptions): GaussianDropout {
  checkOptions('gaussianDropout', options, DROPOUT);
  return new GaussianDropout(options);
}

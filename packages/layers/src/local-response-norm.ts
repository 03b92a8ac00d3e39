// Local response normalisation: channels inhibit their neighbours.

import type { Context, LayerCall, LocalResponseNormOptions, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { check, checkOptions, localResponseNorm as normalise } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

const LOCAL_RESPONSE_NORM: OptionChecks<LocalResponseNormOptions> = {
  size: check.odd,
  alpha: check.notNegative,
  beta: check.notNegative,
  k: check.positive,
};

export class LocalResponseNorm implements Layer {
  readonly type = 'localResponseNorm';
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor({ size = 5, alpha = 1e-4, beta = 0.75, k = 2 }: LocalResponseNormOptions = {}) {
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * x / (k + alpha Σ x²)^beta, where the sum is over `size` neighbouring channels.
   * @param x float32 `[batch, …, channels]`
   * @returns the same shape
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { size, alpha, beta, k } = this;
    return normalise(x, { size, alpha, beta, k });
  }

  describe(): LayerCall {
    const { type: layer, size, alpha, beta, k } = this;
    return { layer, arguments: [{ size, alpha, beta, k }] };
  }
}

printsAsModel(LocalResponseNorm, 'LocalResponseNorm');

/**
 * Local response normalisation with the constants of AlexNet as defaults: `localResponseNorm({ size: 5 })`. Krizhevsky, Sutskever, Hinton 2012,
 * section 3.3.
 * @throws SinapseError when an option is out of range
 */
export function localResponseNorm(options: LocalResponseNormOptions = {}): LocalResponseNorm {
  checkOptions('localResponseNorm', options, LOCAL_RESPONSE_NORM);
  return new LocalResponseNorm(options);
}

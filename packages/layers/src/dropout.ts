// Dropout as a layer: it drops elements in training and returns its input otherwise.

import type { Context, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { check, checkOptions, dropout as drop } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface DropoutOptions {
  /** The probability that an element is dropped, within [0, 1). */
  readonly rate: number;
}

/** The check of the rate. */
export const DROPOUT: OptionChecks<DropoutOptions> = { rate: check.required(check.fraction) };

export class Dropout implements Layer {
  readonly type = 'dropout';
  readonly rate: number;

  constructor({ rate }: DropoutOptions) {
    this.rate = rate;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * In training, sets each element to 0 with probability `rate` and divides the others by 1 - rate. Otherwise, returns x.
   * @param x float32, any shape
   * @throws SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    return context?.training === true && this.rate > 0 ? drop(x, this.rate, context.key) : x.alias();
  }

  describe(): LayerCall {
    const { type: layer, rate } = this;
    return { layer, arguments: [{ rate }] };
  }
}

printsAsModel(Dropout, 'Dropout');

/**
 * Dropout: `dropout({ rate: 0.5 })`. The dropped elements depend only on the context's seed and the layer's path in the model. Srivastava,
 * Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.
 * @throws SinapseError when the rate is out of range
 */
export function dropout(options: DropoutOptions): Dropout {
  checkOptions('dropout', options, DROPOUT);
  return new Dropout(options);
}

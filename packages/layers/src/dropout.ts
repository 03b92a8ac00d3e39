// Dropout as a layer: it drops in training and hands its input through otherwise.

import type { Context, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { check, checkOptions, dropout as drop } from '@sinapse/core';
import { outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';

export interface DropoutOptions {
  /** The probability with which an element is dropped, within [0, 1). */
  readonly rate: number;
}

const DROPOUT: OptionChecks<DropoutOptions> = { rate: check.required(check.fraction) };

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
   * x with elements set to 0 with probability `rate` and the others divided by 1 - rate, in training; x otherwise.
   * @param x float32, any shape
   * @throws SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context: Context): Tensor {
    return context.training && this.rate > 0 ? drop(x, this.rate, context.key) : x.alias();
  }
}

/**
 * Dropout: `dropout({ rate: 0.5 })`. Which elements are dropped depends on the context's seed and the path in the model alone. Srivastava,
 * Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.
 * @throws SinapseError when the rate is out of range
 */
export function dropout(options: DropoutOptions): Dropout {
  checkOptions('dropout', options, DROPOUT);
  return new Dropout(options);
}

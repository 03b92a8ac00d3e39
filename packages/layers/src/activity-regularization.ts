// A penalty on the values between two layers, so that few of them are active, or all are small.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { Penalties } from './regularizer-option.ts';
import { PENALTIES, penalised, resolveRegularizer } from './regularizer-option.ts';

export class ActivityRegularization implements Layer {
  readonly type = 'activityRegularization';
  readonly l1: number;
  readonly l2: number;
  private readonly penalty: ((values: Tensor) => Tensor) | undefined;

  constructor({ l1 = 0, l2 = 0 }: Penalties) {
    this.l1 = l1;
    this.l2 = l2;
    this.penalty = resolveRegularizer(this.type, { l1, l2 });
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * Returns x. In training, tells the context the penalty (l1 Σ|x| + l2 Σx²) / batch, which `fit` adds to the loss.
   * @param x float32 `[batch, …]`
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    return penalised(this.penalty, x, context).alias();
  }

  describe(): LayerCall {
    const { type: layer, l1, l2 } = this;
    return { layer, arguments: [{ l1, l2 }] };
  }
}

printsAsModel(ActivityRegularization, 'ActivityRegularization');

/**
 * Adds a penalty on the output of the layer before it to the loss of the training: `activityRegularization({ l1: 1e-4 })` makes it sparse. Layers with
 * weights have the option `activityRegularizer` for it; for penalties on the weights, `kernelRegularizer`.
 * @throws SinapseError when a strength is unknown or out of range
 */
export function activityRegularization(options: Penalties = {}): ActivityRegularization {
  checkOptions('activityRegularization', options, PENALTIES);
  return new ActivityRegularization(options);
}

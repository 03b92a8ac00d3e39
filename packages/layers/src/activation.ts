// The layer that applies an activation.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { biasActivation, checkValue } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class Activation implements Layer {
  readonly type = 'activation';
  readonly activation: ActivationOption;
  private readonly resolved: ResolvedActivation;

  constructor(activation: ActivationOption) {
    this.activation = activation;
    this.resolved = resolveActivation(this.type, activation);
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /** @param x float32, any shape; `softmax` and `maxout` work along the last axis */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { fused, after } = this.resolved;
    return after(fused.activation === undefined ? x : biasActivation(x, undefined, fused));
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.activation] };
  }
}

printsAsModel(Activation, 'Activation');

/**
 * Applies an activation, element by element (softmax, maxout: along the last axis): `activation('relu')`, `activation({ name: 'leakyRelu',
 * alpha: 0.1 })`.
 * @throws SinapseError when the name is not in `activationNames`
 */
export function activation(option: ActivationOption): Activation {
  checkValue('activation', option, ACTIVATION);
  return new Activation(option);
}

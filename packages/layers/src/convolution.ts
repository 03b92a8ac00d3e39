// What the layers of convolution share in one, two and three dimensions.

import type { Dimensions, FusedActivation, Padding, PerAxis, Tensor } from '@sinapse/core';
import { Context } from '@sinapse/core';
import type { ResolvedActivation } from './activation-option.ts';
import { built, checkInput } from './build.ts';
import { Filters } from './filters.ts';
import type { FusingLayer } from './layer.ts';

/** An op of core that convolves. */
type Convolve<D extends Dimensions, P> = (x: Tensor, filter: Tensor, options: CallOptions<D, P>) => Tensor;

interface CallOptions<D extends Dimensions, P> extends FusedActivation {
  readonly strides: PerAxis<D>;
  readonly padding: P;
  readonly dilation: PerAxis<D>;
  readonly groups: number;
  readonly bias: Tensor | undefined;
  readonly residual: Tensor | undefined;
}

export abstract class Convolution<D extends Dimensions, P = Padding<D>> extends Filters<D, P> implements FusingLayer {
  protected abstract readonly op: Convolve<D, P>;

  /**
   * activation(x * kernel + bias), where * is cross-correlation: the kernel is not flipped.
   * @param x float32 `[batch, …axes, channels]`
   * @returns `[batch, …outputLengths, filters]`
   */
  override call(x: Tensor, context: Context = new Context()): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, activation: ResolvedActivation, residual?: Tensor): Tensor {
    checkInput(this, x);
    if (residual !== undefined && context.isHandedOver(residual, this)) residual.spend();
    return this.weights.penalised(this.convolve(x, built(this, this.kernel).value, this.bias?.value, activation, residual), context);
  }

  convolve(x: Tensor, kernel: Tensor, bias: Tensor | undefined, { fused, after }: ResolvedActivation, residual?: Tensor): Tensor {
    const { strides, padding, dilation, groups, op } = this;
    return after(op(x, kernel, { strides, padding, dilation, groups, ...fused, bias, residual }));
  }

  protected connections(channels: number): readonly [number, number] {
    return [channels / this.groups, this.filters];
  }
}

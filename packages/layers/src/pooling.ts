// What the layers of pooling share in one, two and three dimensions.

import type {
  AvgPoolOptions,
  Context,
  Dimensions,
  LayerCall,
  OptionChecks,
  Padding,
  PerAxis,
  PoolOptions,
  Shape,
  Tensor,
} from '@sinapse/core';
import { check } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';

/** The checks of the options in a space. */
export function poolChecks(dimensions: Dimensions): OptionChecks<PoolOptions<Dimensions>> {
  const perAxis = check.perAxis(dimensions);
  return { window: perAxis, strides: perAxis, padding: check.paddingOf(dimensions) };
}

export function avgPoolChecks(dimensions: Dimensions): OptionChecks<AvgPoolOptions<Dimensions>> {
  return { ...poolChecks(dimensions), includePadding: check.flag };
}

export abstract class Pooling<D extends Dimensions> implements Layer {
  abstract readonly type: string;
  readonly window: PerAxis<D>;
  readonly strides: PerAxis<D>;
  readonly padding: Padding<D>;
  protected abstract readonly op: (x: Tensor, options: PoolOptions<D>) => Tensor;

  constructor({ window = 2, strides = window, padding = 'valid' }: PoolOptions<D>) {
    this.window = window;
    this.strides = strides;
    this.padding = padding;
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, …axes, channels]`
   * @returns `[batch, …outputLengths, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    return this.op(x, this.options());
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.options()] };
  }

  protected options(): PoolOptions<D> {
    const { window, strides, padding } = this;
    return { window, strides, padding };
  }
}

export abstract class AvgPooling<D extends Dimensions> extends Pooling<D> {
  readonly includePadding: boolean;

  constructor({ includePadding = false, ...options }: AvgPoolOptions<D>) {
    super(options);
    this.includePadding = includePadding;
  }

  protected override options(): AvgPoolOptions<D> {
    return { ...super.options(), includePadding: this.includePadding };
  }
}

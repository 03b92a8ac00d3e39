// What the layers of transposed convolution share in one, two and three dimensions.

import type { ConvTransposeOptions, Dimensions, LayerCall, OptionChecks, PerAxis, Tensor } from '@sinapse/core';
import { check } from '@sinapse/core';
import type { ResolvedActivation } from './activation-option.ts';
import type { FilterOptions } from './filters.ts';
import { Filters, filterChecks } from './filters.ts';

/** The options. The padding is what the convolution that goes the other way pads its input with: it is cut off the result. */
export interface ConvTransposeLayerOptions<D extends Dimensions> extends FilterOptions<D> {
  /** Elements added at the end of the result, fewer than `strides`. Default 0; not with the padding `same`. */
  readonly outputPadding?: PerAxis<D>;
}

/** The checks of the options in a space. */
export function convTransposeChecks(dimensions: Dimensions): OptionChecks<ConvTransposeLayerOptions<Dimensions>> {
  return { ...filterChecks(dimensions), outputPadding: check.perAxis(dimensions, 0) };
}

/** Its kernel is `[…kernelSize, filters / groups, channels]`: that of the convolution which goes the other way. */
export abstract class ConvTranspose<D extends Dimensions> extends Filters<D> {
  readonly outputPadding: PerAxis<D>;
  protected abstract readonly op: (x: Tensor, filter: Tensor, options: ConvTransposeOptions<D>) => Tensor;

  constructor(type: string, dimensions: D, options: ConvTransposeLayerOptions<D>) {
    super(type, dimensions, options);
    this.outputPadding = options.outputPadding ?? 0;
  }

  convolve(x: Tensor, kernel: Tensor, bias: Tensor | undefined, { fused, after }: ResolvedActivation): Tensor {
    const { strides, padding, outputPadding, dilation, groups, op } = this;
    return after(op(x, kernel, { strides, padding, outputPadding, dilation, groups, ...fused, bias }));
  }

  override describe(): LayerCall {
    const { layer, arguments: given } = super.describe();
    return { layer, arguments: [Object.assign({}, given[0], { outputPadding: this.outputPadding })] };
  }

  protected connections(channels: number): readonly [number, number] {
    return [this.filters / this.groups, channels];
  }
}

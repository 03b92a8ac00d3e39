// What the layers share that make sequences, images and volumes larger.

import type { Context, Dimensions, LayerCall, OptionChecks, PerAxis, Shape, Tensor } from '@sinapse/core';
import { SinapseError, check, checkSpace, resize } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';

/** What interpolation between neighbours is called. */
interface Linear {
  readonly 1: 'linear';
  readonly 2: 'bilinear';
  readonly 3: 'trilinear';
}

const LINEAR: Linear = { 1: 'linear', 2: 'bilinear', 3: 'trilinear' };

export interface UpSamplingOptions<D extends Dimensions> {
  /** How many times as long each axis becomes. Default 2. */
  readonly size?: PerAxis<D>;
  /** `nearest` repeats elements; the other is the weighted mean of neighbours. Default `nearest`. */
  readonly interpolation?: 'nearest' | Linear[D];
  /** Whether the corners of input and result lie at the same places; not for `nearest`. Default false, as in Keras: elements are areas. */
  readonly alignCorners?: boolean;
}

/** The checks of the options in a space. */
export function upSamplingChecks(dimensions: Dimensions): OptionChecks<UpSamplingOptions<Dimensions>> {
  return {
    size: check.perAxis(dimensions),
    interpolation: check.oneOf(['nearest', LINEAR[dimensions]]),
    alignCorners: check.flag,
  };
}

/** @throws SinapseError when corners are to be aligned where nothing is interpolated */
export function checkCorners(layer: string, dimensions: Dimensions, options: UpSamplingOptions<Dimensions>): void {
  if (options.alignCorners === true && options.interpolation !== LINEAR[dimensions])
    throw new SinapseError(`${layer}: alignCorners is for the interpolation '${LINEAR[dimensions]}'`);
}

export abstract class UpSampling<D extends Dimensions> implements Layer {
  abstract readonly type: string;
  readonly size: PerAxis<D>;
  readonly interpolation: 'nearest' | Linear[D];
  readonly alignCorners: boolean;
  protected abstract readonly dimensions: D;

  constructor({ size = 2, interpolation = 'nearest', alignCorners = false }: UpSamplingOptions<D>) {
    this.size = size;
    this.interpolation = interpolation;
    this.alignCorners = alignCorners;
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, …axes, channels]`
   * @returns `[batch, …lengths · size, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    checkSpace(this.type, this.dimensions, x.shape);
    const { size, alignCorners } = this;
    const lengths = x.shape.slice(1, -1).map((length, axis) => length * (typeof size === 'number' ? size : size[axis]!));
    return resize(x, lengths, { method: this.interpolation === 'nearest' ? 'nearest' : 'linear', alignCorners });
  }

  describe(): LayerCall {
    const { type: layer, size, interpolation, alignCorners } = this;
    return { layer, arguments: [{ size, interpolation, alignCorners }] };
  }
}

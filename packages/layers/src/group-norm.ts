// Group normalisation: brings groups of channels of each image to mean 0 and variance 1. It does not depend on the batch.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, formatShape, groupNorm as normalize } from '@sinapse/core';
import type { Affine, AffineOptions } from './affine.ts';
import { AFFINE, makeAffine, parametersPresent } from './affine.ts';
import { built, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface GroupNormLayerOptions extends AffineOptions {
  /** The number of groups of neighbouring channels, which must divide the channels; an integer >= 1. Default 32. */
  readonly groups?: number;
  /** Added to the variance before the root is taken, > 0. Default 1e-5. */
  readonly epsilon?: number;
}

const GROUP_NORM: OptionChecks<GroupNormLayerOptions> = { groups: check.count, epsilon: check.positive, ...AFFINE };

export class GroupNorm implements Layer {
  readonly type = 'groupNorm';
  readonly groups: number;
  readonly epsilon: number;
  /** `[channels]` each; undefined until built. */
  affine: Affine | undefined;
  private readonly options: Required<AffineOptions>;

  constructor({ groups = 32, epsilon = 1e-5, center = true, scale = true }: GroupNormLayerOptions) {
    this.groups = groups;
    this.epsilon = epsilon;
    this.options = { center, scale };
  }

  /** @param inputShape `[…, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const channels = inputShape.at(-1) ?? 0;
    if (inputShape.length === 0 || channels % this.groups !== 0)
      throw new ShapeError(
        `groupNorm: ${this.groups} groups must divide the channels of […, channels], got an example ${formatShape(inputShape)}`,
      );
    this.affine = makeAffine(this.options, [channels], seed);
    return outputShapeOf(this, inputShape);
  }

  /**
   * (x - mean) / √(variance + epsilon) · scale + offset, with the mean and the variance of each image and group.
   * @param x float32 `[batch, …, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { scale, offset } = built(this, this.affine);
    return normalize(x, this.groups, { epsilon: this.epsilon, scale: scale?.value, offset: offset?.value });
  }

  children(): [string, Parameter][] {
    return parametersPresent(built(this, this.affine));
  }

  describe(): LayerCall {
    const { type: layer, groups, epsilon, options } = this;
    return { layer, arguments: [{ groups, epsilon, ...options }] };
  }
}

printsAsModel(GroupNorm, 'GroupNorm');

/**
 * Group normalisation: `groupNorm({ groups: 8 })`, for convolutions where batches are small. Wu, He 2018.
 * @throws SinapseError when an option is out of range
 */
export function groupNorm(options: GroupNormLayerOptions = {}): GroupNorm {
  checkOptions('groupNorm', options, GROUP_NORM);
  return new GroupNorm(options);
}

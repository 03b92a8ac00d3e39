// The options of the residual networks.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { ImageShape } from '../options.ts';
import { imageShape } from '../options.ts';

export interface Resnet20Options {
  /** The number of classes, from 2 to 10,000. Default 10. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [8, 8, 1] to [512, 512, 16]. Default [32, 32, 3]. */
  readonly inputShape?: ImageShape;
}

export interface Resnet50Options {
  /**
   * Which convolution of a block halves the image. `v1`: the first, of 1 by 1, as in the authors' networks (3.86 billion
   * multiply-accumulate operations for 224 by 224). `v1.5`: the one of 3 by 3, which skips no pixels, as in torchvision and most published
   * weights (4.09 billion; about half a percent more accurate on ImageNet). Both have the same parameters. Default `v1`.
   */
  readonly variant?: 'v1' | 'v1.5';
  /** The number of classes, from 2 to 10,000. Default 1000. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [32, 32, 1] to [1024, 1024, 16]. Default [224, 224, 3]. */
  readonly inputShape?: ImageShape;
}

export type CompleteResnet20Options = Required<Resnet20Options>;
export type CompleteResnet50Options = Required<Resnet50Options>;

const RESNET20: OptionChecks<Resnet20Options> = { classes: check.integer(2, 10_000), inputShape: imageShape([8, 8, 1], [512, 512, 16]) };

const RESNET50: OptionChecks<Resnet50Options> = {
  variant: check.oneOf(['v1', 'v1.5']),
  classes: check.integer(2, 10_000),
  inputShape: imageShape([32, 32, 1], [1024, 1024, 16]),
};

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeResnet20Options(given: unknown): CompleteResnet20Options {
  checkOptions('resnet20', given, RESNET20);
  const { classes = 10, inputShape = [32, 32, 3] }: Resnet20Options = { ...given };
  return { classes, inputShape: [...inputShape] };
}

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeResnet50Options(given: unknown): CompleteResnet50Options {
  checkOptions('resnet50', given, RESNET50);
  const { variant = 'v1', classes = 1000, inputShape = [224, 224, 3] }: Resnet50Options = { ...given };
  return { variant, classes, inputShape: [...inputShape] };
}

// The options of the residual networks.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { ImageShape } from '../options.ts';
import { imageShape } from '../options.ts';

export interface Resnet20Options {
  /** From 2 to 10,000; 10. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [8, 8, 1] to [512, 512, 16]; [32, 32, 3]. */
  readonly inputShape?: ImageShape;
}

export interface Resnet50Options {
  /**
   * Where a block that halves the image does it: `v1` in its first convolution, 1 by 1, as the authors' networks have it (3.86 billion
   * multiply-accumulate operations for 224 by 224); `v1.5` in its convolution of 3 by 3, which loses no pixels (4.09 billion, about half a
   * percent more accurate on ImageNet), as torchvision and most published weights have it. The parameters are the same. `v1` unless given.
   */
  readonly variant?: 'v1' | 'v1.5';
  /** From 2 to 10,000; 1000. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [32, 32, 1] to [1024, 1024, 16]; [224, 224, 3]. */
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
 * Options from anywhere, checked and complete.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeResnet20Options(given: unknown): CompleteResnet20Options {
  checkOptions('resnet20', given, RESNET20);
  const { classes = 10, inputShape = [32, 32, 3] }: Resnet20Options = { ...given };
  return { classes, inputShape: [...inputShape] };
}

/**
 * Options from anywhere, checked and complete.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeResnet50Options(given: unknown): CompleteResnet50Options {
  checkOptions('resnet50', given, RESNET50);
  const { variant = 'v1', classes = 1000, inputShape = [224, 224, 3] }: Resnet50Options = { ...given };
  return { variant, classes, inputShape: [...inputShape] };
}

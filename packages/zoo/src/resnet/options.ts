// The options of the residual networks.

import type { ImageShape } from '../options.ts';
import { checkNames, readChoice, readImageShape, readInteger } from '../options.ts';

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

/**
 * Options from anywhere, checked and complete.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeResnet20Options(options: unknown): CompleteResnet20Options {
  checkNames('resnet20', options, ['classes', 'inputShape']);
  return {
    classes: readInteger('resnet20', options, 'classes', [2, 10_000], 10),
    inputShape: readImageShape('resnet20', options, 'inputShape', [[8, 8, 1], [512, 512, 16]], [32, 32, 3]), // prettier-ignore
  };
}

/**
 * Options from anywhere, checked and complete.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeResnet50Options(options: unknown): CompleteResnet50Options {
  checkNames('resnet50', options, ['variant', 'classes', 'inputShape']);
  return {
    variant: readChoice('resnet50', options, 'variant', ['v1', 'v1.5'], 'v1'),
    classes: readInteger('resnet50', options, 'classes', [2, 10_000], 1000),
    inputShape: readImageShape('resnet50', options, 'inputShape', [[32, 32, 1], [1024, 1024, 16]], [224, 224, 3]), // prettier-ignore
  };
}

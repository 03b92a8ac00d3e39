// The options of the residual networks.

import type { OptionChecks } from '@sinapse/core';
import { check } from '@sinapse/core';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { CIFAR, IMAGENET, completeOptions, imageNetworkChecks } from '../image-classifier.ts';

/** Options of ResNet-18 and 34, whose blocks have two convolutions. */
export interface BasicResnetOptions extends ImageNetworkOptions {
  /** `v1`: normalisation follows each convolution. `v2`: it comes before (pre-activation). Default `v1`. */
  readonly variant?: 'v1' | 'v2';
}

/** Options of ResNet-50, 101 and 152, whose blocks have three convolutions. */
export interface BottleneckResnetOptions extends ImageNetworkOptions {
  /**
   * Which convolution of a block halves the image. `v1`: the first, of 1 by 1, as in the authors' networks. `v1.5`: the one of 3 by 3,
   * which skips no pixels, as in torchvision and most published weights; it is about half a percent more accurate on ImageNet. Both have the same parameters. `v2` is
   * `v1.5` with normalisation before the convolutions (pre-activation). Default `v1.5`.
   */
  readonly variant?: 'v1' | 'v1.5' | 'v2';
}

/** Options of ResNet-20, 32, 44, 56 and 110 for small images. */
export interface CifarResnetOptions extends ImageNetworkOptions {
  /**
   * What is added where a block halves the image. `identity`: every other pixel, with zeros as new channels (option A, the paper's networks).
   * `projection`: a convolution of 1 by 1 (option B). Default `identity`.
   */
  readonly shortcut?: 'identity' | 'projection';
}

export type CompleteBasicResnetOptions = Required<BasicResnetOptions>;
export type CompleteBottleneckResnetOptions = Required<BottleneckResnetOptions>;
export type CompleteCifarResnetOptions = Required<CifarResnetOptions>;

const LARGE = imageNetworkChecks([32, 32, 1]);
const BASIC: OptionChecks<BasicResnetOptions> = { variant: check.oneOf(['v1', 'v2']), ...LARGE };
const BOTTLENECK: OptionChecks<BottleneckResnetOptions> = { variant: check.oneOf(['v1', 'v1.5', 'v2']), ...LARGE };
const SMALL: OptionChecks<CifarResnetOptions> = {
  shortcut: check.oneOf(['identity', 'projection']),
  ...imageNetworkChecks([8, 8, 1], [512, 512, 16]),
};

export function completeBasicResnetOptions(name: string, given: unknown): CompleteBasicResnetOptions {
  return completeOptions(name, given, BASIC, { variant: 'v1', ...IMAGENET });
}

export function completeBottleneckResnetOptions(name: string, given: unknown): CompleteBottleneckResnetOptions {
  return completeOptions(name, given, BOTTLENECK, { variant: 'v1.5', ...IMAGENET });
}

export function completeResnextOptions(name: string, given: unknown): CompleteImageNetworkOptions {
  return completeOptions(name, given, LARGE, IMAGENET);
}

export function completeCifarResnetOptions(name: string, given: unknown): CompleteCifarResnetOptions {
  return completeOptions(name, given, SMALL, { shortcut: 'identity', ...CIFAR });
}

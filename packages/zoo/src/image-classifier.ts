// The options that networks for images have in common, with their checks and defaults.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { ImageShape } from './options.ts';
import { imageShape } from './options.ts';

export interface ImageNetworkOptions {
  /** The number of classes, from 2 to 10,000. Default: as in the paper. */
  readonly classes?: number;
  /** `[height, width, channels]`. Default: as in the paper. */
  readonly inputShape?: ImageShape;
  /** A factor for the channels of every layer, > 0 and at most 8. Default 1, the paper's network. */
  readonly width?: number;
}

export type CompleteImageNetworkOptions = Required<ImageNetworkOptions>;

/** The checks of the options, for images from `least` to `most`. */
export function imageNetworkChecks(least: ImageShape, most: ImageShape = [1024, 1024, 16]): OptionChecks<ImageNetworkOptions> {
  return {
    classes: check.integer(2, 10_000),
    inputShape: imageShape(least, most),
    width: { expected: 'a number > 0 and <= 8', accepts: (value) => typeof value === 'number' && value > 0 && value <= 8 },
  };
}

/** The defaults of a network for ImageNet. */
export const IMAGENET: CompleteImageNetworkOptions = { classes: 1000, inputShape: [224, 224, 3], width: 1 };

/** The defaults of a network for CIFAR-10. */
export const CIFAR: CompleteImageNetworkOptions = { classes: 10, inputShape: [32, 32, 3], width: 1 };

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeOptions<T extends object>(
  name: string,
  given: unknown,
  checks: OptionChecks<T>,
  defaults: Required<T>,
): Required<T> {
  checkOptions(name, given, checks);
  const own: Readonly<Record<string, unknown>> = { ...given };
  const complete = Object.entries(defaults).map(([option, value]) => [option, copied(own[option] ?? value)]);
  return Object.fromEntries(complete) as Required<T>;
}

function copied(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[])] : value;
}

/** A number of channels times a factor: rounded, and at least 1. */
export function widened(channels: number, width: number): number {
  return Math.max(1, Math.round(channels * width));
}

// The options of networks with auxiliary classifiers.

import { check } from '@sinapse/core';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from './image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks } from './image-classifier.ts';

export interface AuxiliaryOptions extends ImageNetworkOptions {
  /** Whether the network has its auxiliary classifiers, and gives their logits, too, in training. Default false. */
  readonly auxiliary?: boolean;
}

export type CompleteAuxiliaryOptions = Required<AuxiliaryOptions>;

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @param least the rows and columns that an image must have: without auxiliary classifiers, and with them
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeAuxiliaryOptions(
  model: string,
  given: unknown,
  least: readonly [number, number],
  defaults: CompleteImageNetworkOptions = IMAGENET,
): CompleteAuxiliaryOptions {
  const { auxiliary = false } = { ...(given as AuxiliaryOptions | undefined) };
  const side = least[auxiliary ? 1 : 0];
  return completeOptions<AuxiliaryOptions>(
    model,
    given,
    { ...imageNetworkChecks([side, side, 1]), auxiliary: check.flag },
    { ...defaults, auxiliary: false },
  );
}

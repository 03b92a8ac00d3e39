// The options of the two variants of LeNet-5.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { ImageShape } from '../options.ts';
import { imageShape } from '../options.ts';

/** The activations of the modern variant: those that work element by element and need no parameter. */
export const lenet5Activations = [
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'sigmoid',
  'tanh',
  'softplus',
  'softsign',
  'gelu',
  'swish',
  'linear',
] as const;

export type Lenet5Activation = (typeof lenet5Activations)[number];

/** Options of the network as it is built today. */
export interface ModernLenet5Options {
  readonly variant?: 'modern';
  /** The number of classes, from 2 to 10,000. Default 10. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [12, 12, 1] to [512, 512, 16]. Default [28, 28, 1]. */
  readonly inputShape?: ImageShape;
  /** The activation of all layers except the last. Default `relu`. */
  readonly activation?: Lenet5Activation;
  /** The kind of pooling. Default `max`. */
  readonly pooling?: 'max' | 'average';
}

/** Options of the network of the paper of 1998. */
export interface OriginalLenet5Options {
  readonly variant: 'original';
  /** The number of classes, from 2 to 10, because only the ten digits have codes. Default 10. */
  readonly classes?: number;
  /** [32, 32, 1], or [28, 28, 1], which is padded to 32 by 32. Default [28, 28, 1]. */
  readonly inputShape?: ImageShape;
}

export type Lenet5Options = ModernLenet5Options | OriginalLenet5Options;

/** The complete options of either variant. */
export type CompleteLenet5Options = Required<ModernLenet5Options> | Required<OriginalLenet5Options>;

// From [12, 12] on, two 2 by 2 poolings and a 5 by 5 window leave at least one pixel. With [512, 512], the first dense layer has 30 million
// weights.
const MODERN: OptionChecks<ModernLenet5Options> = {
  variant: check.oneOf(['modern', 'original']),
  classes: check.integer(2, 10_000),
  inputShape: imageShape([12, 12, 1], [512, 512, 16]),
  activation: check.oneOf(lenet5Activations),
  pooling: check.oneOf(['max', 'average']),
};

const ORIGINAL: OptionChecks<OriginalLenet5Options> = {
  variant: check.oneOf(['original']),
  classes: check.integer(2, 10),
  inputShape: {
    expected: '[28,28,1] or [32,32,1]',
    accepts: (value) => Array.isArray(value) && ['28,28,1', '32,32,1'].includes(value.join(',')),
  },
};

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeLenet5Options(given: unknown): CompleteLenet5Options {
  checkOptions('lenet5', given, MODERN);
  const options = { ...given } as Lenet5Options;
  if (options.variant === 'original') {
    checkOptions('lenet5 (original)', options, ORIGINAL);
    const { variant, classes = 10, inputShape: [height, width, channels] = [28, 28, 1] } = options;
    return { variant, classes, inputShape: [height, width, channels] };
  }
  const {
    variant = 'modern',
    classes = 10,
    inputShape: [height, width, channels] = [28, 28, 1],
    activation = 'relu',
    pooling = 'max',
  } = options;
  return { variant, classes, inputShape: [height, width, channels], activation, pooling };
}

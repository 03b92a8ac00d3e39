// The options of LeNet-5, in its two variants.

import { SinapseError } from '@sinapse/core';
import type { ImageShape, Unchecked } from '../options.ts';
import { checkNames, readChoice, readImageShape, readInteger } from '../options.ts';

/** The activations that the modern form may have: those that work element by element and need no parameter. */
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

/** The network as it is built today. */
export interface ModernLenet5Options {
  readonly variant?: 'modern';
  /** From 2 to 10,000; 10. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [12, 12, 1] to [512, 512, 16]; [28, 28, 1]. */
  readonly inputShape?: ImageShape;
  /** Of all layers but the last; `relu`. */
  readonly activation?: Lenet5Activation;
  /** `max` unless given. */
  readonly pooling?: 'max' | 'average';
}

/** The network of the paper of 1998. */
export interface OriginalLenet5Options {
  readonly variant: 'original';
  /** From 2 to 10, the digits that have a code; 10. */
  readonly classes?: number;
  /** [28, 28, 1], which is padded to 32 by 32, or [32, 32, 1]; [28, 28, 1]. */
  readonly inputShape?: ImageShape;
}

export type Lenet5Options = ModernLenet5Options | OriginalLenet5Options;

/** The options of one network, all of them given. */
export type CompleteLenet5Options = Required<ModernLenet5Options> | Required<OriginalLenet5Options>;

const SMALLEST = [12, 12, 1] as const; // what two 2 by 2 poolings and a 5 by 5 window leave at least one pixel of
const LARGEST = [512, 512, 16] as const; // the first dense layer then has 30 million weights
const DEFAULT_SHAPE = [28, 28, 1] as const;

/**
 * Options from anywhere, checked and complete.
 * @throws SinapseError when a name is unknown or a value out of range
 */
export function completeLenet5Options(options: unknown): CompleteLenet5Options {
  checkNames('lenet5', options, ['variant', 'classes', 'inputShape', 'activation', 'pooling']);
  const variant = readChoice('lenet5', options, 'variant', ['modern', 'original'], 'modern');
  return variant === 'modern' ? completeModern(options) : completeOriginal(options);
}

function completeModern(options: Unchecked): Required<ModernLenet5Options> {
  return {
    variant: 'modern',
    classes: readInteger('lenet5', options, 'classes', [2, 10_000], 10),
    inputShape: readImageShape('lenet5', options, 'inputShape', [SMALLEST, LARGEST], DEFAULT_SHAPE),
    activation: readChoice('lenet5', options, 'activation', lenet5Activations, 'relu'),
    pooling: readChoice('lenet5', options, 'pooling', ['max', 'average'], 'max'),
  };
}

function completeOriginal(options: Unchecked): Required<OriginalLenet5Options> {
  checkNames('lenet5 (original)', options, ['variant', 'classes', 'inputShape']);
  const inputShape = readImageShape('lenet5 (original)', options, 'inputShape', [[28, 28, 1], [32, 32, 1]], DEFAULT_SHAPE); // prettier-ignore
  const [height, width] = inputShape;
  if (height !== width || height % 4 !== 0)
    throw new SinapseError(`lenet5 (original): inputShape: expected [28,28,1] or [32,32,1], got [${inputShape.join(',')}]`);
  return { variant: 'original', classes: readInteger('lenet5 (original)', options, 'classes', [2, 10], 10), inputShape };
}

// The blocks of residual networks: of two or three convolutions, with normalisation after the convolutions or before them.

import type { Layer, SequentialEntry } from '@sinapse/layers';
import { batchNorm, conv2d, residual, sequential } from '@sinapse/layers';
import { convolution, kernelInitializer } from './convolution.ts';

/** What a block is made for. */
export interface BlockShape {
  /** The channels of the convolutions of a bottleneck but the last. */
  readonly inner: number;
  /** The channels that it gives. */
  readonly filters: number;
  readonly strides: number;
  /** What replaces the identity where shapes differ. */
  readonly shortcut?: Layer | undefined;
  /** The groups of the convolution of 3 by 3 in a bottleneck. Default 1. */
  readonly groups?: number;
}

/** Two convolutions of 3 by 3; the first one has the strides. Figure 5 of the paper of 2015, left. */
export function basicBlock({ filters, strides, shortcut }: BlockShape): Layer {
  return residual(
    [
      ['conv1', convolution(filters, 3, strides)],
      ['conv2', convolution(filters, 3, 1, 'linear')],
    ],
    { activation: 'relu', ...(shortcut && { shortcut }) },
  );
}

/**
 * Convolutions of 1 by 1, 3 by 3 and 1 by 1. Figure 5 of the paper of 2015, right. The authors' networks halve the image in the first
 * convolution (`v1`), torchvision's in that of 3 by 3 (`v1.5`).
 */
export function bottleneck({ inner, filters, strides, shortcut, groups = 1 }: BlockShape, variant: 'v1' | 'v1.5'): Layer {
  const [first, second] = variant === 'v1' ? [strides, 1] : [1, strides];
  return residual(
    [
      ['conv1', convolution(inner, 1, first)],
      ['conv2', convolution(inner, 3, second, 'relu', groups)],
      ['conv3', convolution(filters, 1, 1, 'linear')],
    ],
    { activation: 'relu', ...(shortcut && { shortcut }) },
  );
}

/** A convolution alone, as the last one and the projections of pre-activation blocks are. */
export function plainConvolution(filters: number, kernelSize: number, strides = 1): Layer {
  return conv2d({ filters, kernelSize, strides, padding: (kernelSize - 1) / 2, useBias: false, kernelInitializer });
}

/**
 * A pre-activation block: normalisation and relu come before each convolution, and nothing follows the sum. He, Zhang, Ren, Sun 2016, "Identity
 * mappings in deep residual networks" (arXiv 1603.05027), figure 4 e. A projection takes the activated input, as in the authors' code.
 * @param bottlenecked whether it has three convolutions instead of two
 * @param activated whether its input is activated already, as that of the first block is
 */
export function preactivationBlock({ inner, filters, strides, shortcut }: BlockShape, bottlenecked: boolean, activated: boolean): Layer {
  const convolutions: SequentialEntry[] = bottlenecked
    ? [['conv1', convolution(inner, 1)], ['conv2', convolution(inner, 3, strides)], ['conv3', plainConvolution(filters, 1)]] // prettier-ignore
    : [['conv1', convolution(filters, 3, strides)], ['conv2', plainConvolution(filters, 3)]]; // prettier-ignore
  const before: SequentialEntry[] = activated ? [] : [['norm', batchNorm({ activation: 'relu' })]];
  if (shortcut === undefined) return residual([...before, ...convolutions]);
  return sequential([...before, ['block', residual(convolutions, { shortcut })]]);
}

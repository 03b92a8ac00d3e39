// The block of MobileNetV2, MobileNetV3 and EfficientNet: it widens its input, filters every channel by itself, and narrows the result. Sandler,
// Howard, Zhu, Zhmoginov, Chen 2018, "MobileNetV2: inverted residuals and linear bottlenecks", figure 3.

import type { ActivationName, ConvNorm, Layer, SequentialEntry } from '@sinapse/layers';
import { convNorm, initializers, residual, sequential, stochasticDepth } from '@sinapse/layers';
import type { Squeeze } from './squeeze-excitation.ts';
import { squeezeExcitation } from './squeeze-excitation.ts';

/** What the normalisations of a network share. */
export interface NormOptions {
  readonly momentum?: number;
  readonly epsilon?: number;
}

export interface InvertedResidual {
  /** The channels of the input. */
  readonly channels: number;
  /** The channels in the middle. */
  readonly expanded: number;
  /** The channels that it gives. */
  readonly filters: number;
  /** Of the depthwise convolution. */
  readonly kernelSize: number;
  readonly strides: number;
  /** After the first two convolutions; the third has none. */
  readonly activation: ActivationName;
  readonly norm?: NormOptions;
  /** If given, the channels in the middle are weighted. */
  readonly squeeze?: Squeeze | undefined;
  /** The rate at which training leaves out the block of an example. Default 0. */
  readonly dropRate?: number;
}

/** Keeps the variance of gradients on their way back. He, Zhang, Ren, Sun 2015, "Delving deep into rectifiers", eq. 14. */
const kernelInitializer = initializers.varianceScaling({ scale: 2, mode: 'fanOut', distribution: 'normal' });

/** A convolution with normalisation. */
export function convolution(
  filters: number,
  kernelSize: number,
  strides: number,
  activation: ActivationName,
  norm: NormOptions = {},
  groups = 1,
): ConvNorm {
  return convNorm({ filters, kernelSize, strides, groups, padding: (kernelSize - 1) / 2, activation, kernelInitializer, ...norm });
}

/** The layers `expand` (if it widens), `depthwise`, `squeeze` (if wanted) and `project`; their result is added to an input of the same shape. */
export function invertedResidual(block: InvertedResidual): Layer {
  const { channels, expanded, filters, kernelSize, strides, activation, norm, squeeze, dropRate = 0 } = block;
  const layers: SequentialEntry[] = [];
  if (expanded !== channels) layers.push(['expand', convolution(expanded, 1, 1, activation, norm)]);
  layers.push(['depthwise', convolution(expanded, kernelSize, strides, activation, norm, expanded)]);
  if (squeeze !== undefined) layers.push(['squeeze', squeezeExcitation(expanded, squeeze)]);
  layers.push(['project', convolution(filters, 1, 1, 'linear', norm)]);
  if (strides > 1 || channels !== filters) return sequential(layers);
  return residual(dropRate > 0 ? [...layers, ['drop', stochasticDepth({ rate: dropRate })]] : layers);
}

/**
 * The nearest multiple of 8 that is at least 8, and not more than a tenth below the number: how the authors of MobileNets round channels after a factor
 * for the width.
 */
export function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/**
 * torchvision's place of a layer in the list `block` of an inverted residual.
 * @param expands whether the block has the layer `expand`
 * @param squeezes whether it has the layer `squeeze`
 */
export function placeInBlock(layer: string, expands: boolean, squeezes: boolean): number {
  const names = [...(expands ? ['expand'] : []), 'depthwise', ...(squeezes ? ['squeeze'] : []), 'project'];
  return names.indexOf(layer);
}

// Normalisation of each example by itself, over the image and groups of channels.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkValue } from '../contract/options.ts';
import { formatShape, lengthsOf, sizeOf } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AffineOptions } from './layer-norm.ts';
import { AFFINE, checkAffine, normalise } from './layer-norm.ts';
import { checkFloats } from './operands.ts';
import { reshape } from './reshape.ts';

/** Options of `groupNorm`. */
export type GroupNormOptions = AffineOptions;

const GROUP_NORM: OptionChecks<GroupNormOptions> = AFFINE;

/**
 * (x - mean) / √(variance + epsilon) · scale + offset, with the mean and variance of each example over the image and the channels of a group. One
 * group is layer normalisation over the whole example, as many as channels is instance normalisation. Wu, He 2018.
 * @param x float32 `[batch, …, channels]`
 * @param groups divides the channels: neighbouring channels are of one group
 * @param options `scale` and `offset` are `[channels]`
 * @throws ShapeError when the groups do not divide the channels, or scale or offset do not fit
 */
export function groupNorm(x: Tensor, groups: number, options: GroupNormOptions = {}): Tensor {
  checkTensor('groupNorm', x);
  checkValue('groupNorm', groups, check.count, 'groups');
  checkOptions('groupNorm', options, GROUP_NORM);
  checkFloats('groupNorm', x);
  const { shape } = x;
  if (shape.length < 2) throw new ShapeError(`groupNorm: input must be [batch, …, channels], got ${formatShape(shape)}`);
  const channels = shape.at(-1)!;
  if (channels % groups !== 0)
    throw new ShapeError(`groupNorm: ${groups} groups must divide the ${channels} channels of the input ${formatShape(shape)}`);
  const members = [groups, channels / groups];
  const { scale, offset } = checkAffine('groupNorm', options, [channels], members);
  const rows = reshape(x, [shape[0]!, sizeOf(lengthsOf(shape, 1, shape.length - 1)), ...members]);
  return reshape(normalise(rows, [1, 3], options.epsilon ?? 1e-5, scale, offset), shape);
}

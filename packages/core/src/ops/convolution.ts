// What convolutions of sequences, images and volumes share: their options, their geometry, and the shapes that fit together.

import * as check from '../contract/checks.ts';
import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { readable } from '../contract/own-shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Activation } from '../contract/kernels.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import { SPACES, checkSpace } from '../contract/space.ts';
import type { Spec } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FusedActivation } from './activation.ts';
import { FUSED_ACTIVATION, checkBias, checkResidual, resolveActivation } from './activation.ts';
import { checkFloats } from './operands.ts';
import type { Padding, PerAxis } from './window.ts';
import { checkLengths, listOf, outputSize, resolvePadding } from './window.ts';

/** One number for each spatial axis; the padding has two, before and after. */
export interface Geometry {
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

/** How the filter moves. One number stands for all directions. */
export interface ConvolutionOptions<D extends Dimensions = 2> {
  /** Elements between neighbouring windows. Default 1. */
  readonly strides?: PerAxis<D> | undefined;
  /** Zeros around the input. Default `valid`. */
  readonly padding?: Padding<D> | undefined;
  /** Elements between neighbouring taps of the filter. Default 1. */
  readonly dilation?: PerAxis<D> | undefined;
  /** Number of groups of channels that are convolved separately. Default 1; as many as channels gives a depthwise convolution. */
  readonly groups?: number | undefined;
}

/** The geometry of a convolution, and what is applied to its result. */
export interface ConvOptions<D extends Dimensions> extends ConvolutionOptions<D>, FusedActivation {
  /** `[filters]`, added to the result. */
  readonly bias?: Tensor | undefined;
  /** Added before the activation; has the result's shape. After `residual.spend()` a 2-D convolution may write the result over it. */
  readonly residual?: Tensor | undefined;
}

/** The checks of the options in a space. */
export function convolutionChecks(dimensions: Dimensions): OptionChecks<ConvolutionOptions<Dimensions>> {
  const perAxis = check.perAxis(dimensions);
  return { strides: perAxis, padding: check.paddingOf(dimensions), dilation: perAxis, groups: check.count };
}

export function convChecks(dimensions: Dimensions): OptionChecks<ConvOptions<Dimensions>> {
  return { ...convolutionChecks(dimensions), bias: check.tensor, residual: check.tensor, ...FUSED_ACTIVATION };
}

/** Height and width of a filter, or its other lengths in space. */
export function windowOf(filter: Shape): Shape {
  return filter.slice(0, -2);
}

/** The geometry that options mean for an input and a filter of these shapes. The options have been checked. */
export function geometryOf(options: ConvolutionOptions<Dimensions>, dimensions: Dimensions, input: Shape, filter: Shape): Geometry {
  const strides = listOf(options.strides ?? 1, dimensions);
  const dilation = listOf(options.dilation ?? 1, dimensions);
  const window = Array.from({ length: dimensions }, (_, axis) => filter[axis] ?? 0);
  const padding = resolvePadding(options.padding ?? 'valid', input.slice(1, 1 + dimensions), window, strides, dilation);
  return { strides, padding, dilation, groups: options.groups ?? 1 };
}

/**
 * The output shape of a convolution.
 * @throws ShapeError or SinapseError when input, filter and geometry do not fit together
 */
export function convolvedShape(op: string, dimensions: Dimensions, x: Spec, filterShape: Shape, geometry: Geometry): Shape {
  const { strides, padding, dilation, groups } = geometry;
  const input = readable(x.shape);
  const filter = readable(filterShape);
  const { axes } = SPACES[dimensions];
  if (filter.length !== dimensions + 2)
    throw new ShapeError(`${op}: filter must be [${axes.join(', ')}, channels / groups, filters], got ${formatShape(filter)}`);
  checkSpace(op, dimensions, input);
  checkLengths(op, 'strides', strides, 1, dimensions);
  checkLengths(op, 'dilation', dilation, 1, dimensions);
  checkLengths(op, `${axes.join(' and ')} of the filter`, windowOf(filter), 1, dimensions);
  const channels = input[dimensions + 1]!;
  const filters = filter[dimensions + 1]!;
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0 || filters % groups !== 0) {
    throw new SinapseError(`${op}: ${groups} groups must divide the ${channels} input channels and the ${filters} filters`);
  }
  const expected = filter[dimensions]! * groups;
  if (expected !== channels)
    throw new ShapeError(`${op}: filter expects ${expected} input channels, input ${formatShape(x.shape)} has ${channels}`);
  return [input[0]!, ...outputSize(op, input, windowOf(filter), strides, padding, dilation), filters];
}

/** A convolution whose arguments have been checked. */
export interface CheckedConvolution {
  readonly geometry: Geometry;
  readonly outputShape: Shape;
  readonly activation: Activation;
  readonly alpha: Scalar;
}

/**
 * Checks the arguments of a convolution that is computed by convolutions of images, so that errors name the function that was called.
 * @throws SinapseError when an argument is wrong, or the arguments do not fit together
 */
export function checkConvolution(
  op: string,
  dimensions: Dimensions,
  x: Tensor,
  filter: Tensor,
  options: ConvOptions<Dimensions>,
): CheckedConvolution {
  const { bias, residual } = options;
  checkFloats(op, x, filter, bias, residual);
  const geometry = geometryOf(options, dimensions, x.shape, filter.shape);
  const outputShape = convolvedShape(op, dimensions, x, filter.shape, geometry);
  checkBias(op, outputShape.at(-1)!, bias);
  checkResidual(op, outputShape, residual);
  return { geometry, outputShape, ...resolveActivation(op, options) };
}

/** @throws SinapseError unless both are tensors and the options are known and right */
export function checkCall(op: string, x: Tensor, filter: Tensor, options: unknown, checks: Readonly<Record<string, check.Check>>): void {
  checkTensor(op, x);
  checkTensor(op, filter);
  checkOptions(op, options, checks);
}

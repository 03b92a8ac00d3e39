// What pooling of sequences, images and volumes shares: its options, its geometry, and the shape of the result.

import type { Check } from '../contract/checks.ts';
import * as check from '../contract/checks.ts';
import { SinapseError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { readable } from '../contract/own-shape.ts';
import type { Shape } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import { checkSpace } from '../contract/space.ts';
import type { Spec } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkFloats } from './operands.ts';
import type { Padding, PerAxis } from './window.ts';
import { checkLengths, listOf, outputSize, resolvePadding } from './window.ts';

/** The size and the steps of the windows. One number stands for all directions. */
export interface PoolOptions<D extends Dimensions> {
  /** The lengths of the window. Default 2. */
  readonly window?: PerAxis<D> | undefined;
  /** Elements between neighbouring windows. Default: the window's lengths, so that windows do not overlap. */
  readonly strides?: PerAxis<D> | undefined;
  /** The border around the input. Default `valid`. */
  readonly padding?: Padding<D> | undefined;
}

export interface AvgPoolOptions<D extends Dimensions> extends PoolOptions<D> {
  /** Whether the zeros around the input count in the means. Default false. */
  readonly includePadding?: boolean | undefined;
}

/** One number for each spatial axis; the padding has two, before and after. */
export interface PoolGeometry {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
}

/** The checks of the options in a space. */
export function poolChecks(dimensions: Dimensions): OptionChecks<PoolOptions<Dimensions>> {
  const perAxis = check.perAxis(dimensions);
  return { window: perAxis, strides: perAxis, padding: check.paddingOf(dimensions) };
}

export function avgPoolChecks(dimensions: Dimensions): OptionChecks<AvgPoolOptions<Dimensions>> {
  return { ...poolChecks(dimensions), includePadding: check.flag };
}

/** @throws ShapeError or SinapseError when input and geometry do not fit together */
export function pooledShape(op: string, dimensions: Dimensions, x: Spec, { window, strides, padding }: PoolGeometry): Shape {
  checkFloats(op, x);
  const input = readable(x.shape);
  checkSpace(op, dimensions, input);
  checkLengths(op, 'window', window, 1, dimensions);
  checkLengths(op, 'strides', strides, 1, dimensions);
  if (padding.some((width, side) => width >= window[side >> 1]!)) {
    throw new SinapseError(
      `${op}: padding [${padding.join(',')}] must be smaller than the window [${window.join(',')}], or a window would see nothing`,
    );
  }
  return [input[0]!, ...outputSize(op, input, window, strides, padding), input[dimensions + 1]!];
}

/** The geometry that options mean for x. @throws SinapseError unless x is a tensor, and the options are known and right */
export function poolGeometryOf(
  op: string,
  dimensions: Dimensions,
  x: Tensor,
  options: PoolOptions<Dimensions>,
  checks: Readonly<Record<string, Check>>,
): PoolGeometry {
  checkTensor(op, x);
  checkOptions(op, options, checks);
  const window = listOf(options.window ?? 2, dimensions);
  const strides = listOf(options.strides ?? window, dimensions);
  const lengths = readable(x.shape).slice(1, 1 + dimensions);
  return { window, strides, padding: resolvePadding(options.padding ?? 'valid', lengths, window, strides, listOf(1, dimensions)) };
}

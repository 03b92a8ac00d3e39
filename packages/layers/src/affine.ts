// The scale and the offset after a normalisation, which undo it where that is of use.

import type { OptionChecks, Parameter, Seed, Shape } from '@sinapse/core';
import { ShapeError, check, normalizeAxes, randomKey } from '@sinapse/core';
import { makeParameter } from './build.ts';
import { ones, zeros } from './initializers/distributions.ts';

export interface AffineOptions {
  /** Whether an offset (beta) is added to the normalised values. Default true. */
  readonly center?: boolean;
  /** Whether the normalised values are multiplied by a scale (gamma). Default true. */
  readonly scale?: boolean;
}

/** The checks of the options. */
export const AFFINE: OptionChecks<AffineOptions> = { center: check.flag, scale: check.flag };

/** The parameters of a normalisation: a scale, initially 1, and an offset, initially 0; undefined where the options have none. */
export interface Affine {
  readonly scale: Parameter | undefined;
  readonly offset: Parameter | undefined;
}

/** Makes the parameters. */
export function makeAffine({ center = true, scale = true }: AffineOptions, shape: Shape, seed: Seed): Affine {
  const key = randomKey(seed);
  return {
    scale: scale ? makeParameter(shape, ones, key.fold('scale')) : undefined,
    offset: center ? makeParameter(shape, zeros, key.fold('offset')) : undefined,
  };
}

/** The parameters that there are, by name; it may be none. */
export function parametersPresent({ scale, offset }: Affine): [string, Parameter][] {
  return Object.entries({ scale, offset }).filter((entry): entry is [string, Parameter] => entry[1] !== undefined);
}

/**
 * The axes of a batch, counted from 0, in ascending order.
 * @param inputShape of one example
 * @throws ShapeError when an axis is out of range, or is the batch
 */
export function axesOfExample(layer: string, axis: number | readonly number[], inputShape: Shape): number[] {
  const axes = normalizeAxes(layer, axis, inputShape.length + 1);
  if (axes.includes(0))
    throw new ShapeError(`${layer}: axis 0 is the batch, over which it does not normalise; axes of an example begin at 1`);
  return axes;
}

import { check, checkOptions } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import { cosine, sine } from '../../maths/elementary.ts';
import { between, rangeCheck } from './picture.ts';
import type { Picture, Transform } from './picture.ts';
import { warp } from './resample.ts';

export interface AffineOptions {
  /** The largest rotation, in degrees, to either side, 0 to 180. @default 0 */
  readonly degrees?: number;
  /** The largest shift, as a share of width and height. @default 0 */
  readonly translate?: number;
  /** Factor on the size, lowest and highest. @default [1, 1] */
  readonly scale?: readonly [low: number, high: number];
  /** The largest shear, in degrees, to either side, 0 to 89. @default 0 */
  readonly shear?: number;
  /** The byte outside the image. @default 0 */
  readonly fill?: number;
}

const DEGREES: Check = { expected: 'a number from 0 to 180', accepts: (value) => typeof value === 'number' && value >= 0 && value <= 180 };
const AFFINE: OptionChecks<AffineOptions> = {
  degrees: DEGREES,
  translate: check.probability,
  scale: rangeCheck(0.01, 100),
  shear: { expected: 'a number from 0 to 89', accepts: (value) => typeof value === 'number' && value >= 0 && value <= 89 },
  fill: check.integer(0, 255),
};

/**
 * Rotates, shifts, scales and shears images at random, around their middle.
 * @throws SinapseError when an option is out of range
 */
export function randomAffine(options: AffineOptions): Transform {
  checkOptions('randomAffine', options, AFFINE);
  const { degrees = 0, translate = 0, scale = [1, 1], shear = 0, fill = 0 } = options;
  return (picture, random) => {
    const angle = between(random, -degrees, degrees);
    const across = between(random, -translate, translate) * picture.width;
    const down = between(random, -translate, translate) * picture.height;
    const factor = between(random, scale[0], scale[1]);
    const slant = between(random, -shear, shear);
    return affine(picture, { angle, across, down, factor, slant }, fill);
  };
}

/**
 * Rotates images by a random angle, counter-clockwise for positive ones.
 * @throws SinapseError when an option is out of range
 */
export function randomRotation(options: { readonly degrees: number; readonly fill?: number }): Transform {
  checkOptions('randomRotation', options, { degrees: check.required(DEGREES), fill: check.integer(0, 255) });
  return randomAffine(options);
}

/** One affine map around the image's middle: shear along rows, then scale, then rotation, then shift. Angles in degrees. */
export interface AffineMap {
  readonly angle: number;
  readonly across: number;
  readonly down: number;
  readonly factor: number;
  readonly slant: number;
}

export function affine(picture: Picture, { angle, across, down, factor, slant }: AffineMap, fill: number): Picture {
  const turn = (angle * Math.PI) / 180;
  const [c, s] = [cosine(turn) / factor, sine(turn) / factor];
  const tilt = (slant * Math.PI) / 180;
  const tangent = sine(tilt) / cosine(tilt);
  const [middleX, middleY] = [picture.width / 2, picture.height / 2];
  return warp(
    picture,
    picture.height,
    picture.width,
    (x, y, at) => {
      // The inverse map: rows run downward, so that this turns counter-clockwise.
      const [u, v] = [x - middleX - across, y - middleY - down];
      const [turnedX, turnedY] = [c * u - s * v, s * u + c * v];
      at[0] = middleX + turnedX - tangent * turnedY;
      at[1] = middleY + turnedY;
    },
    fill,
  );
}

import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { affine } from './affine.ts';
import type { AffineMap } from './affine.ts';
import { autoContrast, brightness, contrast, equalize, posterize, saturation, sharpness, solarize } from './colour.ts';
import type { Picture, Transform } from './picture.ts';

export interface RandAugmentOptions {
  /** Operations on each image, one after the other, 1 to 14. @default 2 */
  readonly operations?: number;
  /** Strength of the operations, 0 to 30. @default 9 */
  readonly magnitude?: number;
  /** The byte outside the image after a rotation, shear or shift. @default 0 */
  readonly fill?: number;
}

const RAND_AUGMENT: OptionChecks<RandAugmentOptions> = {
  operations: check.integer(1, 14),
  magnitude: check.integer(0, 30),
  fill: check.integer(0, 255),
};

/** An operation of a strength from 0 to 1, which `sign` turns to either side. */
type Operation = (picture: Picture, strength: number, sign: 1 | -1, fill: number) => Picture;

const NO_MAP: AffineMap = { angle: 0, across: 0, down: 0, factor: 1, slant: 0 };
/** Degrees of a shear of 0.3, the paper's largest: arctan 0.3. */
const SHEAR = 16.69924423399362;

function quarterTurned(picture: Picture): Picture {
  const { data, height, width, channels } = picture;
  const out = new Uint8Array(data.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let channel = 0; channel < channels; channel++)
        out[(column * height + row) * channels + channel] = data[(row * width + column) * channels + channel]!;
  return { data: out, height: width, width: height, channels };
}

/** The operations of the paper's table 6, with torchvision's largest strengths. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  identity: (picture) => picture,
  shearX: (picture, strength, sign, fill) => affine(picture, { ...NO_MAP, slant: sign * strength * SHEAR }, fill),
  shearY: (picture, strength, sign, fill) =>
    quarterTurned(affine(quarterTurned(picture), { ...NO_MAP, slant: sign * strength * SHEAR }, fill)),
  translateX: (picture, strength, sign, fill) =>
    affine(picture, { ...NO_MAP, across: (sign * strength * picture.width * 150) / 331 }, fill),
  translateY: (picture, strength, sign, fill) => affine(picture, { ...NO_MAP, down: (sign * strength * picture.height * 150) / 331 }, fill),
  rotate: (picture, strength, sign, fill) => affine(picture, { ...NO_MAP, angle: sign * strength * 30 }, fill),
  brightness: (picture, strength, sign) => brightness(picture, 1 + sign * strength * 0.9),
  saturation: (picture, strength, sign) => saturation(picture, 1 + sign * strength * 0.9),
  contrast: (picture, strength, sign) => contrast(picture, 1 + sign * strength * 0.9),
  sharpness: (picture, strength, sign) => sharpness(picture, 1 + sign * strength * 0.9),
  posterize: (picture, strength) => posterize(picture, 8 - Math.floor(4 * strength + 0.5)),
  solarize: (picture, strength) => solarize(picture, 255 * (1 - strength)),
  autoContrast,
  equalize,
};

/**
 * RandAugment (Cubuk et al. 2020): some of fourteen operations, chosen at random for each image, all of the same strength.
 * @throws SinapseError when an option is out of range
 */
export function randAugment(options: RandAugmentOptions = {}): Transform {
  checkOptions('randAugment', options, RAND_AUGMENT);
  const { operations = 2, magnitude = 9, fill = 0 } = options;
  const list = Object.values(OPERATIONS);
  return (picture, random) => {
    let current = picture;
    for (let i = 0; i < operations; i++) {
      const operation = list[random.below(list.length)]!;
      current = operation(current, magnitude / 30, random.bits() & 1 ? 1 : -1, fill);
    }
    return current;
  };
}

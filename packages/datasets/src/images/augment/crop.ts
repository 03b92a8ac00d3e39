import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import { logarithm, exponential } from '../../maths/elementary.ts';
import { between, rangeCheck } from './picture.ts';
import type { Picture, Transform } from './picture.ts';
import { resize } from './resample.ts';

/** A side of a square, or height and width. */
export type Size = number | readonly [height: number, width: number];

export const SIZE: Check = {
  expected: 'an integer from 1 to 65,536, or [height, width]',
  accepts: (value) => [value].flat().length === (Array.isArray(value) ? 2 : 1) && [value].flat().every((side) => check.integer(1, 65_536).accepts(side)), // prettier-ignore
};

/** Height and width of a size. */
export function sidesOf(size: Size): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}

export interface CropOptions {
  readonly size: Size;
  /** Pixels added at each side before the cut, 0 to 4096. @default 0 */
  readonly pad?: number;
  /** The byte of the added pixels. @default 0 */
  readonly fill?: number;
}

const CROP: OptionChecks<CropOptions> = { size: check.required(SIZE), pad: check.integer(0, 4096), fill: check.integer(0, 255) };

/**
 * Cuts a piece out at a random place. With `pad: 4` on 32 x 32 images it is the augmentation of He et al. 2015 for CIFAR-10.
 * @throws SinapseError when an option is out of range; when it is applied to an image smaller than the piece
 */
export function randomCrop(options: CropOptions): Transform {
  checkOptions('randomCrop', options, CROP);
  const { size, pad = 0, fill = 0 } = options;
  const [height, width] = sidesOf(size);
  return (picture, random) => {
    checkFits('randomCrop', picture, height, width, pad);
    const top = random.below(picture.height + 2 * pad - height + 1) - pad;
    const left = random.below(picture.width + 2 * pad - width + 1) - pad;
    return cut(picture, top, left, height, width, fill);
  };
}

/**
 * Cuts out the middle.
 * @throws SinapseError when the size is out of range; when it is applied to a smaller image
 */
export function centreCrop(options: { readonly size: Size }): Transform {
  checkOptions('centreCrop', options, { size: check.required(SIZE) });
  const [height, width] = sidesOf(options.size);
  return (picture) => {
    checkFits('centreCrop', picture, height, width, 0);
    return cut(picture, Math.floor((picture.height - height) / 2), Math.floor((picture.width - width) / 2), height, width, 0);
  };
}

function checkFits(owner: string, picture: Picture, height: number, width: number, pad: number): void {
  if (picture.height + 2 * pad < height || picture.width + 2 * pad < width)
    throw new SinapseError(
      `${owner}: a piece of ${height}x${width} does not fit an image of ${picture.height}x${picture.width}; resize it first`,
    );
}

function cut(
  { data, height: rows, width: columns, channels }: Picture,
  top: number,
  left: number,
  height: number,
  width: number,
  fill: number,
): Picture {
  const out = new Uint8Array(height * width * channels);
  if (fill !== 0) out.fill(fill);
  const [first, last] = [Math.max(0, left), Math.min(columns, left + width)];
  if (last > first)
    for (let row = Math.max(0, top); row < Math.min(rows, top + height); row++) {
      const from = (row * columns + first) * channels;
      out.set(data.subarray(from, from + (last - first) * channels), ((row - top) * width + first - left) * channels);
    }
  return { data: out, height, width, channels };
}

export interface ResizedCropOptions {
  readonly size: Size;
  /** Share of the image's area, lowest and highest. @default [0.08, 1] */
  readonly scale?: readonly [low: number, high: number];
  /** Width divided by height, lowest and highest. @default [3 / 4, 4 / 3] */
  readonly ratio?: readonly [low: number, high: number];
}

const RESIZED: OptionChecks<ResizedCropOptions> = { size: check.required(SIZE), scale: rangeCheck(1e-6, 1), ratio: rangeCheck(0.01, 100) };

/**
 * Cuts a piece of random area and shape out and scales it to a size (Szegedy et al. 2015), as training on ImageNet does.
 * @throws SinapseError when an option is out of range
 */
export function randomResizedCrop(options: ResizedCropOptions): Transform {
  checkOptions('randomResizedCrop', options, RESIZED);
  const { size, scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = options;
  const [outHeight, outWidth] = sidesOf(size);
  const [low, high] = [logarithm(ratio[0]), logarithm(ratio[1])];
  return (picture, random) => {
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = picture.height * picture.width * between(random, scale[0], scale[1]);
      const shape = exponential(between(random, low, high));
      const width = Math.floor(Math.sqrt(area * shape) + 0.5);
      const height = Math.floor(Math.sqrt(area / shape) + 0.5);
      if (width < 1 || height < 1 || width > picture.width || height > picture.height) continue;
      const region = { top: random.below(picture.height - height + 1), left: random.below(picture.width - width + 1), height, width };
      return resize(picture, outHeight, outWidth, region);
    }
    // No piece fits: the largest one of an allowed shape from the middle.
    const shape = Math.min(Math.max(picture.width / picture.height, ratio[0]), ratio[1]);
    const width = Math.min(picture.width, picture.height * shape);
    const height = Math.min(picture.height, picture.width / shape);
    return resize(picture, outHeight, outWidth, { top: (picture.height - height) / 2, left: (picture.width - width) / 2, height, width });
  };
}

/**
 * Scales every image to a size, without a random choice; the shape is not kept unless `fit` is `'cover'`, which cuts what does not fit.
 * @throws SinapseError when the size is out of range
 */
export function resizeTo(options: { readonly size: Size; readonly fit?: 'fill' | 'cover' }): Transform {
  checkOptions('resizeTo', options, { size: check.required(SIZE), fit: check.oneOf(['fill', 'cover']) });
  const [height, width] = sidesOf(options.size);
  return (picture) => {
    if (options.fit !== 'cover') return resize(picture, height, width);
    const scale = Math.min(picture.height / height, picture.width / width);
    const region = { height: height * scale, width: width * scale };
    return resize(picture, height, width, {
      ...region,
      top: (picture.height - region.height) / 2,
      left: (picture.width - region.width) / 2,
    });
  };
}

// Images with several digits in them, somewhere and of some size: for networks that find objects.

import type { OptionChecks, RandomStream } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import { digits } from '../digits/digits.ts';
import { SYNTHETIC, keyOf, streamOf } from './options.ts';
import type { SyntheticOptions } from './options.ts';

export interface DigitScenesOptions extends SyntheticOptions {
  /** Number of images, 1 to 1,000,000. @default 100 */
  readonly count?: number;
  /** Height and width of the images, an integer from 64 to 1024. @default 96 */
  readonly size?: number;
  /** The most digits of an image, an integer from 1 to 9; there is one at least. @default 3 */
  readonly most?: number;
}

/** An image and what is in it. */
export interface DigitScene {
  /** float32 `[size, size, 3]`, RGB from 0 to 1. */
  readonly image: { readonly data: Float32Array; readonly shape: [height: number, width: number, channels: number] };
  /** The digits, each with the box around its ink in pixels: [left, top, right, bottom], the last two behind the last pixel. */
  readonly objects: readonly { readonly box: [left: number, top: number, right: number, bottom: number]; readonly label: number }[];
}

const DIGIT_SCENES: OptionChecks<DigitScenesOptions> = { ...SYNTHETIC, size: check.integer(64, 1024), most: check.integer(1, 9) };

/** From this share of ink on, a pixel belongs to a digit's box. */
const INK = 0.5;

/** The factor for the size of digits. */
const SMALLEST = 1;
const LARGEST = 2;

/** How often a place is sought for a digit before the image does without it. */
const TRIALS = 30;

type Box = [left: number, top: number, right: number, bottom: number];

/** Something drawn: where it lies, and how much of a pixel it covers, from 0 to 1. */
interface Shape {
  readonly box: Box;
  readonly cover: (row: number, column: number) => number;
}

/**
 * Images of one to three digits in bright colours on dark ground, of different sizes, among coloured ellipses. Digits do not overlap.
 * @throws SinapseError when an option is out of range
 */
export function digitScenes(options: DigitScenesOptions = {}): DigitScene[] {
  checkOptions('digitScenes', options, DIGIT_SCENES);
  const { count = 100, seed = 0, split = 'train', size = 96, most = 3 } = options;
  const key = keyOf('digitScenes', options);
  const set = digits({ count: count * most, seed, split });
  return Array.from({ length: count }, (_, index) => {
    const random = streamOf(key, index);
    const data = ground(size, random);
    for (let ellipses = random.below(4); ellipses > 0; ellipses--) draw(data, size, ellipse(size, random), [0, 1, 2].map(() => random.uniform())); // prettier-ignore
    const objects: { box: Box; label: number }[] = [];
    const wanted = 1 + random.below(most);
    for (let i = 0; i < wanted; i++) {
      const number = index * most + i;
      const length = set.height * set.width;
      const ink = set.images.subarray(number * length, (number + 1) * length);
      const colour = [0, 1, 2].map(() => 0.6 + 0.4 * random.uniform());
      for (let trial = 0; trial < TRIALS; trial++) {
        const shape = digit(ink, set.width, size, random);
        if (objects.some(({ box }) => touch(box, shape.box))) continue;
        draw(data, size, shape, colour);
        objects.push({ box: shape.box, label: set.labels[number]! });
        break;
      }
    }
    return { image: { data, shape: [size, size, 3] }, objects };
  });
}

/** The ground: a dark colour that changes from one side to the other, with noise. */
function ground(size: number, random: RandomStream): Float32Array {
  const [from, to] = [0, 1].map(() => [0, 1, 2].map(() => 0.35 * random.uniform())) as [number[], number[]];
  return Float32Array.from({ length: size * size * 3 }, (_, i) => {
    const [channel, column] = [i % 3, Math.floor(i / 3) % size];
    return Math.max(0, from[channel]! + ((to[channel]! - from[channel]!) * column) / size + 0.02 * random.normal());
  });
}

function ellipse(size: number, random: RandomStream): Shape {
  const [x, y] = [size * random.uniform(), size * random.uniform()];
  const [a, b] = [size * (0.05 + 0.15 * random.uniform()), size * (0.05 + 0.15 * random.uniform())];
  const box: Box = [Math.max(0, Math.floor(x - a)), Math.max(0, Math.floor(y - b)), Math.min(size, Math.ceil(x + a)), Math.min(size, Math.ceil(y + b))]; // prettier-ignore
  return { box, cover: (row, column) => (((column - x) / a) ** 2 + ((row - y) / b) ** 2 <= 1 ? 1 : 0) };
}

/** A digit of the set at a random place, made larger. */
function digit(ink: Uint8Array, length: number, size: number, random: RandomStream): Shape {
  const factor = SMALLEST + (LARGEST - SMALLEST) * random.uniform();
  const extent = Math.min(size, Math.round(length * factor));
  const [left, top] = [random.below(size - extent + 1), random.below(size - extent + 1)];
  const cover = (row: number, column: number): number => {
    const [y, x] = [((row - top + 0.5) * length) / extent - 0.5, ((column - left + 0.5) * length) / extent - 0.5];
    const [y0, x0] = [Math.floor(y), Math.floor(x)];
    const at = (r: number, c: number): number => (r < 0 || c < 0 || r >= length || c >= length ? 0 : ink[r * length + c]! / 255);
    const above = at(y0, x0) + (x - x0) * (at(y0, x0 + 1) - at(y0, x0));
    const below = at(y0 + 1, x0) + (x - x0) * (at(y0 + 1, x0 + 1) - at(y0 + 1, x0));
    return above + (y - y0) * (below - above);
  };
  const box: Box = [size, size, 0, 0];
  for (let row = top; row < top + extent; row++)
    for (let column = left; column < left + extent; column++) {
      if (cover(row, column) < INK) continue;
      box[0] = Math.min(box[0], column);
      box[1] = Math.min(box[1], row);
      box[2] = Math.max(box[2], column + 1);
      box[3] = Math.max(box[3], row + 1);
    }
  return { box, cover };
}

function touch(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** Colours what a shape covers; a pixel around its box may be covered in part. */
function draw(data: Float32Array, size: number, { box: [left, top, right, bottom], cover }: Shape, colour: readonly number[]): void {
  for (let row = Math.max(0, top - 2); row < Math.min(size, bottom + 2); row++)
    for (let column = Math.max(0, left - 2); column < Math.min(size, right + 2); column++) {
      const share = cover(row, column);
      for (let channel = 0; channel < 3; channel++) {
        const i = (row * size + column) * 3 + channel;
        data[i] = data[i]! + share * (colour[channel]! - data[i]!);
      }
    }
}

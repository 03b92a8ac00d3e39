// A data set that needs no download: digits that look handwritten, drawn by code from a seed. It is as hard as MNIST: LeNet-5 trained
// on it alone also reads most of MNIST (the README has the figures).

import { RandomStream, check, checkOptions, hostPermutation, randomKey } from '@sinapse/core';
import type { OptionChecks, Seed } from '@sinapse/core';
import { SEED } from '../pipeline/option-checks.ts';
import type { ImageSet } from '../images/image-set.ts';
import { GLYPHS } from './glyphs.ts';
import { write } from './handwriting.ts';
import type { Handwriting } from './handwriting.ts';
import { CANVAS_SIZE, IMAGE_SIZE, createCanvas, drawPolyline, imageOrigin } from './raster.ts';

/** The name of one of a data set's two halves, which share no image. */
export type Split = 'train' | 'test';

export interface DigitsOptions {
  /** Number of images, 1 to 1,000,000. @default 10000 */
  readonly count?: number;
  /** The same seed gives the same images, bit for bit, on every platform. @default 0 */
  readonly seed?: Seed;
  /** `train` and `test` draw from independent random streams of the seed. @default 'train' */
  readonly split?: Split;
}

const MOST_IMAGES = 1_000_000;
const CLASSES = 10;
/** Images drawn between two pauses, about 20 ms of work. */
const IMAGES_A_TURN = 256;

const DIGITS: OptionChecks<DigitsOptions> = { count: check.integer(1, MOST_IMAGES), seed: SEED, split: check.oneOf(['train', 'test']) };

/**
 * Handwritten-looking digits like MNIST's: white on black, fitted into 20 x 20 pixels, centred by mass in 28 x 28, mean pixel about 0.13.
 * Each group of ten images holds every digit once, in random order; an image does not depend on `count`.
 * @returns images `[count, 28, 28, 1]`, labels 0 to 9
 * @throws SinapseError when an option is out of range
 * @example
 * const train = digits({ count: 10_000, seed: 1 });
 * const test = digits({ count: 2_000, seed: 1, split: 'test' });
 */
export function digits(options: DigitsOptions = {}): ImageSet {
  const drawing = drawDigits(options);
  for (;;) {
    const { done, value } = drawing.next();
    if (done) return value;
  }
}

/** Draws digits as `digits` does, and yields every few hundred images, so that the caller can do other work or stop. */
export function* drawDigits(options: DigitsOptions): Generator<void, ImageSet, void> {
  checkOptions('digits', options, DIGITS);
  const { count = 10_000, seed = 0, split = 'train' } = options;
  const key = randomKey(seed).fold('digits').fold(split);
  const order = key.fold('labels');
  const labels = new Uint8Array(count);
  const size = IMAGE_SIZE * IMAGE_SIZE;
  const images = new Uint8Array(count * size);
  const canvas = createCanvas();
  for (let i = 0; i < count; i++) {
    if (i > 0 && i % IMAGES_A_TURN === 0) yield;
    if (i % CLASSES === 0) labels.set(hostPermutation(order.fold(i), CLASSES).subarray(0, count - i), i); // every ten labels hold each digit once
    const random = new RandomStream(key.fold(i));
    const handwriting = write(GLYPHS[labels[i]!]!, random);
    scan(handwriting, canvas, random, images.subarray(i * size, (i + 1) * size));
  }
  return {
    images,
    labels,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
    channels: 1,
    classNames: Array.from({ length: CLASSES }, (_, i) => `${i}`),
  };
}

/** Largest noise, up or down, of a pixel at a stroke's edge, in grey levels; inside a stroke it is a third of this. */
const EDGE_NOISE = 12;

/** Draws the digit on the canvas and copies it into an image, with the noise of a scanner. */
function scan(handwriting: Handwriting, canvas: Float32Array, random: RandomStream, image: Uint8Array): void {
  drawPolyline(canvas, handwriting.line, handwriting.radii, handwriting.softness);
  const origin = imageOrigin(canvas);
  let bits = 0;
  let bytesLeft = 0;
  for (let row = 0, at = 0; row < IMAGE_SIZE; row++) {
    for (let column = 0; column < IMAGE_SIZE; column++, at++) {
      const ink = canvas[origin + row * CANVAS_SIZE + column]!;
      if (ink === 0) continue; // the background of MNIST is exactly black
      if (bytesLeft === 0) {
        bits = random.bits();
        bytesLeft = 4;
      }
      const noise = (bits & 255) / 127.5 - 1;
      bits >>>= 8;
      bytesLeft--;
      const level = Math.floor(255 * ink + EDGE_NOISE * noise * (ink < 1 ? 1 : 1 / 3) + 0.5);
      image[at] = level < 0 ? 0 : level > 255 ? 255 : level;
    }
  }
}

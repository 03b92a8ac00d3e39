// From pixels 0 … 255 to the numbers a network sees. The rule is plain JSON: it is stored beside a model's weights and applied
// again when the model is used.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';

/** Computes `(pixel · scale − mean) / std`, after inverting and padding. Plain JSON. */
export interface Preprocessing {
  /** Factor on the pixel, usually 1/255. */
  readonly scale: number;
  /** Number subtracted after scaling, or one for each channel. @default 0 */
  readonly mean?: number | readonly number[];
  /** Divisor after the subtraction, not 0, or one for each channel. @default 1 */
  readonly std?: number | readonly number[];
  /** Black rows and columns added on every side, 0 to 1024: 2 turns 28 x 28 into 32 x 32. @default 0 */
  readonly pad?: number;
  /** Uses `255 − pixel`, for images that are dark on light. @default false */
  readonly invert?: boolean;
  /** How a picture of another shape was fitted to the network's before, as for `decodeImage`. The pixels given here have their size already. */
  readonly fit?: 'cover' | 'contain' | 'fill';
}

/** Preprocessed images, ready for a network, on the host. */
export interface HostImages {
  readonly data: Float32Array;
  /** `[count, height, width, channels]`, padding included. */
  readonly shape: [number, number, number, number];
}

/** Raw pixels 0 to 255, shape `[count, height, width, channels]`. */
export interface RawImages {
  readonly images: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const PREPROCESSING: OptionChecks<Preprocessing> = {
  scale: check.required(check.finite),
  mean: { expected: 'a finite number or a list of them', accepts: isPerChannel },
  std: {
    expected: 'a finite number other than 0 or a list of them',
    accepts: (value) => isPerChannel(value) && ![value].flat().includes(0),
  },
  pad: check.integer(0, 1024),
  invert: check.flag,
  fit: check.oneOf(['cover', 'contain', 'fill']),
};
const RAW_IMAGES: Check = {
  expected: 'pixels, { images, height, width, channels }',
  accepts: (value) => typeof value === 'object' && value !== null && 'images' in value && check.bytes.accepts(value.images),
};
/** Most elements of one array in every browser: 4 GiB of float32. */
const MOST_ELEMENTS = 2 ** 30;

/**
 * Reads a preprocessing from untrusted JSON.
 * @throws SinapseError that names the wrong field
 */
export function parsePreprocessing(value: unknown): Preprocessing {
  checkOptions('preprocessing', value, PREPROCESSING);
  return value as Preprocessing;
}

function isPerChannel(value: unknown): value is number | readonly number[] {
  return Number.isFinite(value) || (Array.isArray(value) && value.length > 0 && value.every((each) => Number.isFinite(each)));
}

/**
 * Preprocesses images, all of them or those at the given indices.
 * @throws SinapseError when the preprocessing does not fit the images, or the result is too large for one array
 */
export function preprocessImages(raw: RawImages, preprocessing: Preprocessing): HostImages {
  checkValue('preprocessImages', raw, RAW_IMAGES);
  const pixels = raw.height * raw.width * raw.channels;
  const count = raw.images.length / pixels;
  if (!Number.isInteger(count)) {
    throw new SinapseError(
      `preprocessing: ${raw.images.length} pixels are no whole number of ${raw.height}x${raw.width}x${raw.channels} images`,
    );
  }
  return createPreprocessor(raw, preprocessing)(Int32Array.from({ length: count }, (_, i) => i));
}

/** Prepares the preprocessing of a set of images; returns a function that makes a batch of the images at given indices. */
export function createPreprocessor(raw: RawImages, preprocessing: Preprocessing): (indices: Int32Array) => HostImages {
  const { pad = 0 } = parsePreprocessing(preprocessing);
  const { images, height, width, channels } = raw;
  const tables = Array.from({ length: channels }, (_, channel) => valueTable(preprocessing, channel, channels));
  const [outHeight, outWidth] = [height + 2 * pad, width + 2 * pad];
  const inSize = height * width * channels;
  const outSize = outHeight * outWidth * channels;
  return (indices) => {
    const count = indices.length;
    if (count * outSize > MOST_ELEMENTS) {
      const gigabytes = ((count * outSize * 4) / 2 ** 30).toFixed(1);
      throw new SinapseError(
        `batch: ${count} images of ${outHeight}x${outWidth}x${channels} need ${gigabytes} GiB, more than one array holds; use a smaller batch`,
      );
    }
    const data = new Float32Array(count * outSize);
    if (pad > 0) fillBackground(data, tables);
    for (let i = 0; i < count; i++) {
      let from = indices[i]! * inSize;
      let to = i * outSize + (pad * outWidth + pad) * channels;
      for (let row = 0; row < height; row++) {
        convertRow(images, from, data, to, width, tables);
        from += width * channels;
        to += outWidth * channels;
      }
    }
    return { data, shape: [count, outHeight, outWidth, channels] };
  };
}

/** The result for each of the 256 grey levels, so that a pixel costs one look-up. Entry 256 is the value of padding: black. */
function valueTable({ scale, mean = 0, std = 1, invert = false }: Preprocessing, channel: number, channels: number): Float32Array {
  const [subtract, divide] = [perChannel('mean', mean, channel, channels), perChannel('std', std, channel, channels)];
  return Float32Array.from({ length: 257 }, (_, level) => {
    const pixel = level === 256 ? 0 : invert ? 255 - level : level;
    return (pixel * scale - subtract) / divide;
  });
}

function perChannel(name: string, value: number | readonly number[], channel: number, channels: number): number {
  if (typeof value === 'number') return value;
  if (value.length !== channels)
    throw new SinapseError(`preprocessing: ${name} has ${value.length} values, the images ${channels} channels`);
  return value[channel]!;
}

function fillBackground(data: Float32Array, tables: readonly Float32Array[]): void {
  if (tables.length === 1) data.fill(tables[0]![256]!);
  else for (let i = 0; i < data.length; i++) data[i] = tables[i % tables.length]![256]!;
}

function convertRow(
  pixels: Uint8Array,
  from: number,
  data: Float32Array,
  to: number,
  width: number,
  tables: readonly Float32Array[],
): void {
  const channels = tables.length;
  for (let channel = 0; channel < channels; channel++) {
    const table = tables[channel]!;
    for (let column = 0, at = channel; column < width; column++, at += channels) data[to + at] = table[pixels[from + at]!]!;
  }
}

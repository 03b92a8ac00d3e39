// Reads the pixels of an image file, with sharp. The file is untrusted: it may be anything, of any size.

import type { Sharp } from 'sharp';
import { readInput } from '../input-file.ts';

/** An image row by row, channels last, values 0 to 255. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Says that a file is not an image, or not a usable one. The message is one line that names the file. */
export class ImageError extends Error {
  override name = 'ImageError';
}

/** Most pixels of an image, more than a photograph has: a small file can claim to be a very large image. */
const mostPixels = 100_000_000;

/** Larger images are shrunk to this side, in pixels, while they are decoded; later steps need no more. */
const largestSide = 1024;

/**
 * Reads PNG, JPEG, WebP, GIF, TIFF, AVIF or SVG. Photographs are turned upright. Transparent parts become white or black,
 * whichever contrasts with the drawing.
 * @throws ImageError
 */
export async function decodeImage(file: string, channels: 1 | 3): Promise<Pixels> {
  const bytes = await readInput(file);
  if (bytes.length === 0) throw new ImageError(`${file} is empty`);
  const { default: sharp } = await import('sharp');
  try {
    const open = (): Sharp => sharp(bytes, { limitInputPixels: mostPixels, failOn: 'truncated' }).autoOrient();
    const image = open().resize(largestSide, largestSide, { fit: 'inside', withoutEnlargement: true });
    const { hasAlpha } = await open().metadata();
    if (hasAlpha) image.flatten({ background: await backgroundFor(image.clone()) });
    image.toColourspace(channels === 1 ? 'b-w' : 'srgb');
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels, data: firstChannels(data, info.channels, channels) };
  } catch (error) {
    throw new ImageError(`${file} ${reason(error)}`, { cause: error });
  }
}

/** The background for transparent parts: white behind dark drawings, black behind light ones. */
async function backgroundFor(image: Sharp): Promise<string> {
  const { data, info } = await image.toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  let light = 0;
  let opaque = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const alpha = data[at + info.channels - 1]!;
    light += alpha * (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!);
    opaque += alpha;
  }
  return opaque > 0 && light / opaque > 128 ? '#000' : '#fff';
}

/** Copies the first `to` channels into a plain array; sharp gives a Buffer, whose `slice` is a view and not a copy. */
function firstChannels(data: Buffer, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return Uint8Array.from(data);
  const out = new Uint8Array((data.length / from) * to);
  for (let i = 0, at = 0; at < data.length; at += from) for (let c = 0; c < to; c++) out[i++] = data[at + Math.min(c, from - 1)]!;
  return out;
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit/i.test(message)) return `has more than ${mostPixels / 1e6} million pixels; make it smaller first`;
  if (/unsupported image format/i.test(message)) return 'is no image that can be read; PNG, JPEG, WebP, GIF, TIFF, AVIF and SVG can';
  return `is a damaged image: ${message.split('\n')[0]}`;
}

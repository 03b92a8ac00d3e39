// Decodes an image file, with sharp. The bytes are untrusted: they may be anything, of any size.
//
// What a file costs cannot be known before: an SVG of a few KB may take hours. So the command line decodes in a process of its own, with a
// time limit (decoder.ts).

import { kindOf } from './file-kind.ts';
import { colourBehind } from './transparency.ts';

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
 * Decodes PNG, JPEG, WebP, GIF, TIFF, AVIF or SVG; of an animation or a document, the first page. Photographs are turned upright. Behind
 * transparent parts comes the paper, or a colour from which the drawing stands out.
 * @throws ImageError whose message is meant to follow the name of the file
 */
export async function decodeImage(bytes: Uint8Array, channels: 1 | 3): Promise<Pixels> {
  if (bytes.length === 0) throw new ImageError('is empty');
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'truncated' });
    const { hasAlpha } = await image.metadata();
    image.autoOrient().resize(largestSide, largestSide, { fit: 'inside', withoutEnlargement: true });
    let opaque = image;
    if (hasAlpha) {
      const { data, info } = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
      const { width, height } = info;
      opaque = sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: colourBehind({ width, height, data }) });
    }
    opaque.toColourspace(channels === 1 ? 'b-w' : 'srgb');
    const { data, info } = await opaque.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels, data: firstChannels(data, info.channels, channels) };
  } catch (error) {
    throw new ImageError(reason(error, bytes), { cause: error });
  }
}

/** Copies the first `to` channels into a plain array; sharp gives a Buffer, whose `slice` is a view and not a copy. */
function firstChannels(data: Buffer, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return Uint8Array.from(data);
  const out = new Uint8Array((data.length / from) * to);
  for (let i = 0, at = 0; at < data.length; at += from) for (let c = 0; c < to; c++) out[i++] = data[at + Math.min(c, from - 1)]!;
  return out;
}

function reason(error: unknown, bytes: Uint8Array): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit/i.test(message)) return `has more than ${mostPixels / 1e6} million pixels; make it smaller first`;
  const kind = kindOf(bytes);
  if (kind !== undefined) return `is ${kind.what}, which cannot be read: ${kind.advice}`;
  if (/unsupported image format/i.test(message)) return 'is no image that can be read; PNG, JPEG, WebP, GIF, TIFF, AVIF and SVG can';
  return `is a damaged image: ${message.split('\n')[0]}`;
}

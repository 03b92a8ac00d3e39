// Image files to pixels, through sharp. The bytes are untrusted: only formats whose cost is bounded by their pixels are decoded, and pixels and
// time have limits.

import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import type { Sharp } from 'sharp';
import type { Picture } from '../images/augment/picture.ts';
import { SIZE, sidesOf } from '../images/augment/crop.ts';
import type { Size } from '../images/augment/crop.ts';
import { loadSharp } from './sharp.ts';

export interface DecodeOptions {
  /** Scales the image to this size. @default its own */
  readonly size?: Size;
  /** What happens to an image of another shape: the middle is cut out, borders of the background are added, or it is squeezed. @default 'cover' */
  readonly fit?: 'cover' | 'contain' | 'fill';
  /** 1: grey; 3: red, green, blue. @default 3 */
  readonly channels?: 1 | 3;
  /** What lies behind transparent parts and at the borders, as a byte for all channels. @default 255 */
  readonly background?: number;
  /** Most pixels of the file's image. @default 100,000,000 */
  readonly maxPixels?: number;
  /** Most seconds that the decoding may take. @default 30 */
  readonly maxSeconds?: number;
}

export const DECODE: OptionChecks<DecodeOptions> = {
  size: SIZE,
  fit: check.oneOf(['cover', 'contain', 'fill']),
  channels: { expected: '1 or 3', accepts: (value) => value === 1 || value === 3 },
  background: check.integer(0, 255),
  maxPixels: check.count,
  maxSeconds: check.integer(1, 3600),
};

/** Formats by their first bytes. */
const FORMATS: readonly (readonly [format: string, matches: (bytes: Uint8Array) => boolean])[] = [
  ['JPEG', (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff],
  ['PNG', (b) => b[0] === 0x89 && text(b, 1, 3) === 'PNG'],
  ['GIF', (b) => text(b, 0, 4) === 'GIF8'],
  ['WebP', (b) => text(b, 0, 4) === 'RIFF' && text(b, 8, 4) === 'WEBP'],
  ['TIFF', (b) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(b, 0, 4))],
];

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/**
 * Decodes JPEG, PNG, WebP, GIF or TIFF: of an animation or a document the first page, turned upright as EXIF says, 16 bits to 8, and on a
 * background where it is transparent.
 * @throws SinapseError when the bytes are no such image, are damaged, or exceed a limit; when sharp is not installed
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  checkValue('decodeImage', bytes, check.bytes);
  checkOptions('decodeImage', options, DECODE);
  const format = FORMATS.find(([, matches]) => matches(bytes))?.[0];
  if (format === undefined)
    throw new SinapseError(`decodeImage: ${bytes.length === 0 ? 'the file is empty' : 'this is no JPEG, PNG, WebP, GIF or TIFF'}`);
  const sharp = await loadSharp();
  const { size, fit = 'cover', channels = 3, background = 255, maxPixels = 100_000_000, maxSeconds = 30 } = options;
  const paper = { r: background, g: background, b: background };
  try {
    let image: Sharp = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated', sequentialRead: true }).timeout({
      seconds: maxSeconds,
    });
    image = image.autoOrient().flatten({ background: paper });
    if (size !== undefined) {
      const [height, width] = sidesOf(size);
      image = image.resize(width, height, { fit, background: paper });
    }
    const { data, info } = await image
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data: withChannels(data, info.channels, channels), height: info.height, width: info.width, channels };
  } catch (error) {
    const message = (error as Error).message.split('\n')[0]!;
    if (/pixel limit/i.test(message))
      throw new SinapseError(`decodeImage: the image has more than ${maxPixels.toLocaleString('en-US')} pixels`);
    if (/timeout/i.test(message)) throw new SinapseError(`decodeImage: the image takes longer than ${maxSeconds} seconds`);
    throw new SinapseError(`decodeImage: this ${format} is damaged: ${message}`, { cause: error });
  }
}

/** A plain array with the channels that were asked for: sharp may give others, and its Buffer's `slice` is a view. */
function withChannels(data: Buffer, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const out = new Uint8Array((data.length / from) * to);
  for (let i = 0, at = 0; at < data.length; at += from) for (let c = 0; c < to; c++) out[i++] = data[at + Math.min(c, from - 1)]!;
  return out;
}

/**
 * Writes an image to a file, as PNG, JPEG or WebP by its ending: a contact sheet, for instance.
 * @throws SinapseError when sharp is not installed or the ending is another; the file system's error
 */
export async function writeImage(path: string, picture: Picture): Promise<void> {
  checkValue('writeImage', path, { expected: 'a path that ends in .png, .jpg or .webp', accepts: (value) => typeof value === 'string' && /\.(png|jpe?g|webp)$/i.test(value) }); // prettier-ignore
  const { data, height, width, channels } = picture;
  const sharp = await loadSharp();
  await sharp(data, { raw: { height, width, channels: channels as 1 | 3 } }).toFile(path);
}

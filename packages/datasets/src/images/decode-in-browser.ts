// Image files to pixels with the decoder of the browser, in a page or in a worker.

import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { SIZE, resizeTo } from './augment/crop.ts';
import type { Size } from './augment/crop.ts';
import type { Picture } from './augment/picture.ts';
import { transformPicture } from './augment/picture.ts';

export interface BrowserDecodeOptions {
  /** Scales the image to this size. @default its own */
  readonly size?: Size;
  /** What happens to an image of another shape: the middle is cut out, or it is squeezed. @default 'cover' */
  readonly fit?: 'cover' | 'fill';
  /** 1: grey; 3: red, green, blue. @default 3 */
  readonly channels?: 1 | 3;
  /** What lies behind transparent parts, as a byte for all channels. @default 255 */
  readonly background?: number;
  /** Most pixels of the file's image. @default 100,000,000 */
  readonly maxPixels?: number;
}

const OPTIONS: OptionChecks<BrowserDecodeOptions> = {
  size: SIZE,
  fit: check.oneOf(['cover', 'fill']),
  channels: { expected: '1 or 3', accepts: (value) => value === 1 || value === 3 },
  background: check.integer(0, 255),
  maxPixels: check.count,
};

/**
 * Decodes an image that the browser can: JPEG, PNG, WebP, GIF and often AVIF; of an animation the first picture, turned upright as EXIF says, on a
 * background where it is transparent. Decoders differ by a step or two of a byte, so pixels of JPEG are not quite those of Node.
 * @param file a file of an input or a drop, or its bytes
 * @throws SinapseError where there is no such decoder (in Node, `@sinapse/datasets/node` has one), or the file is no image, or has too many pixels
 */
export async function decodeInBrowser(file: Blob | Uint8Array, options: BrowserDecodeOptions = {}): Promise<Picture> {
  checkValue('decodeInBrowser', file, {
    expected: 'a file or its bytes',
    accepts: (value) => check.bytes.accepts(value) || (typeof Blob === 'function' && value instanceof Blob),
  });
  checkOptions('decodeInBrowser', options, OPTIONS);
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function')
    throw new SinapseError('decodeInBrowser: here is no decoder of a browser; in Node take decodeImage of @sinapse/datasets/node');
  const { size, fit = 'cover', channels = 3, background = 255, maxPixels = 100_000_000 } = options;
  const blob = file instanceof Blob ? file : new Blob([file as Uint8Array<ArrayBuffer>]);
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' }).catch((error: unknown) => {
    throw new SinapseError('decodeInBrowser: this is no image that the browser can decode', { cause: error });
  });
  try {
    const { width, height } = bitmap;
    if (width * height > maxPixels)
      throw new SinapseError(`decodeInBrowser: the image has more than ${maxPixels.toLocaleString('en-US')} pixels`);
    const canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (canvas === null) throw new SinapseError(`decodeInBrowser: the browser has no canvas of ${width}x${height}`);
    canvas.fillStyle = `rgb(${background} ${background} ${background})`;
    canvas.fillRect(0, 0, width, height);
    canvas.drawImage(bitmap, 0, 0);
    const picture = { data: packed(canvas.getImageData(0, 0, width, height).data, channels), height, width, channels };
    return size === undefined ? picture : transformPicture(picture, resizeTo({ size, fit }));
  } finally {
    bitmap.close();
  }
}

/** Red, green and blue, or grey (ITU-R 601-2), of pixels with alpha. */
function packed(pixels: Uint8ClampedArray, channels: 1 | 3): Uint8Array {
  const out = new Uint8Array((pixels.length / 4) * channels);
  for (let from = 0, to = 0; from < pixels.length; from += 4) {
    const [red, green, blue] = [pixels[from]!, pixels[from + 1]!, pixels[from + 2]!];
    if (channels === 1) out[to++] = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    else {
      out[to++] = red;
      out[to++] = green;
      out[to++] = blue;
    }
  }
  return out;
}

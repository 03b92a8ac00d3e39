// Images as PNG: https://www.w3.org/TR/png-3

import { SinapseError, shown } from '@sinapse/core';
import { deflateSync } from 'node:zlib';
import { crc32 } from './crc.ts';

export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red, green and blue, 4 with opacity. */
  readonly channels: 1 | 3 | 4;
  /** `[height, width, channels]`: bytes, or numbers within [0, 1], which are clipped. */
  readonly data: Uint8Array | Float32Array;
}

/** The numbers of colour types. */
const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;

/** @throws SinapseError unless the data fill the size */
export function checkImage(owner: string, image: unknown): asserts image is Image {
  const { width, height, channels, data } = (image ?? {}) as Partial<Image>;
  const sized = [width, height].every((length) => Number.isInteger(length) && length! >= 1) && Object.hasOwn(COLOUR_TYPES, channels!);
  if (!sized || !(data instanceof Uint8Array || data instanceof Float32Array))
    throw new SinapseError(
      `${owner}: expected an image, { width, height, channels: 1, 3 or 4, data } with a Uint8Array or Float32Array, got ${shown(image)}`,
    );
  const size = width! * height! * channels!;
  if (data.length !== size)
    throw new SinapseError(`${owner}: an image of ${width} × ${height} × ${channels} has ${size} values, got ${data.length}`);
}

export function encodePng({ width, height, channels, data }: Image): Uint8Array {
  const bytes =
    data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value || 0))));
  const stride = width * channels;
  const rows = new Uint8Array(height * (stride + 1)); // each row begins with the number of its filter, 0
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits of a value
  header.setUint8(9, COLOUR_TYPES[channels]);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([
    signature,
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** A chunk: its length, its name and bytes, and their CRC, all big-endian. */
function chunk(name: string, bytes: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), bytes]);
  const around = new DataView(new ArrayBuffer(8));
  around.setUint32(0, bytes.length);
  around.setUint32(4, crc32(named));
  return Buffer.concat([new Uint8Array(around.buffer, 0, 4), named, new Uint8Array(around.buffer, 4, 4)]);
}

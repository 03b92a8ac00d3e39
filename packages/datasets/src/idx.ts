// The IDX format of MNIST (LeCun, Cortes, Burges, yann.lecun.com/exdb/mnist): two zero bytes, the element type, the number of
// dimensions, each dimension as a 32-bit big-endian integer, then the elements. Files are untrusted: every size is checked against the
// file before anything is allocated.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { ImageSet } from './images/image-set.ts';

/** An array of bytes read from an IDX file. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view into the bytes that were given, not a copy. */
  readonly data: Uint8Array;
}

/** Code of unsigned bytes, the only element type of MNIST and its relatives. */
const UINT8 = 0x08;
const MOST_DIMENSIONS = 16;

/**
 * Reads an uncompressed IDX file of unsigned bytes.
 * @param name names the data in an error, usually the file's path
 * @throws SinapseError when the bytes are not such a file, or their number differs from the header's
 */
export function parseIdx(bytes: Uint8Array, name = 'IDX data'): IdxArray {
  checkValue(`parseIdx: ${String(name)}`, bytes, check.bytes);
  if (bytes.length === 0) throw new SinapseError(`${name} is empty`);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new SinapseError(`${name} is still compressed with gzip; decompress it first`);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new SinapseError(`${name} is not an IDX file: it starts with ${describeStart(bytes)}, expected 00 00 08`);
  }
  if (bytes[2] !== UINT8) throw new SinapseError(`${name} has IDX element type 0x${hex(bytes[2]!)}, expected 0x08 (unsigned bytes)`);
  const rank = bytes[3]!;
  if (rank === 0) throw new SinapseError(`${name} has no dimensions`);
  if (rank > MOST_DIMENSIONS) throw new SinapseError(`${name} has ${rank} dimensions, expected at most ${MOST_DIMENSIONS}`);
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new SinapseError(`${name} is cut off: a header of ${rank} dimensions takes ${header} bytes, the file has ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, dimension) => product * dimension, 1); // inexact past 2^53, but then larger than any file
  const found = bytes.length - header;
  if (found !== size) {
    const what = found < size ? 'is cut off' : 'has bytes left over';
    throw new SinapseError(`${name} ${what}: its header [${shape.join(', ')}] asks for ${size} bytes, there are ${found}`);
  }
  return { shape, data: bytes.subarray(header) };
}

function describeStart(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 12);
  if (start.every((byte) => byte >= 0x20 && byte < 0x7f)) return `the text '${String.fromCharCode(...start)}'`;
  return Array.from(start.subarray(0, 4), hex).join(' ');
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** How to check a pair of IDX files, and their names in an error. */
export interface IdxImageSetOptions {
  /** The name of each label, from 0 on; a label without a name is an error. */
  readonly classNames: readonly string[];
  /** @default 'image file' */
  readonly imagesName?: string;
  /** @default 'label file' */
  readonly labelsName?: string;
}

const TEXT: Check = { expected: 'a text', accepts: (value) => typeof value === 'string' };
const IDX_IMAGE_SET: OptionChecks<IdxImageSetOptions> = {
  classNames: check.required({ expected: 'a list of names', accepts: Array.isArray }),
  imagesName: TEXT,
  labelsName: TEXT,
};

/**
 * Reads grey images and their labels from two uncompressed IDX files.
 * @param images file of shape `[count, height, width]`
 * @param labels file of shape `[count]`
 * @throws SinapseError when a file is damaged, the two do not belong together, or a label is out of range
 */
export function imageSetFromIdx(images: Uint8Array, labels: Uint8Array, options: IdxImageSetOptions): ImageSet {
  checkOptions('imageSetFromIdx', options, IDX_IMAGE_SET);
  const { classNames, imagesName = 'image file', labelsName = 'label file' } = options;
  const pixels = parseIdx(images, imagesName);
  const classes = parseIdx(labels, labelsName);
  if (pixels.shape.length !== 3) throw new SinapseError(`${imagesName} has ${dimensions(pixels)}, images have 3`);
  if (classes.shape.length !== 1) throw new SinapseError(`${labelsName} has ${dimensions(classes)}, labels have 1`);
  const [count, height, width] = pixels.shape as [number, number, number];
  if (height === 0 || width === 0) throw new SinapseError(`${imagesName} has images of ${height}x${width} pixels`);
  if (classes.shape[0] !== count) {
    throw new SinapseError(
      `${imagesName} has ${count} images, but ${labelsName} has ${classes.shape[0]} labels; they do not belong together`,
    );
  }
  const wrong = classes.data.findIndex((label) => label >= classNames.length);
  if (wrong !== -1) {
    throw new SinapseError(`${labelsName} has label ${classes.data[wrong]} at index ${wrong}, expected 0 to ${classNames.length - 1}`);
  }
  return { images: pixels.data, labels: classes.data, height, width, channels: 1, classNames };
}

function dimensions({ shape }: IdxArray): string {
  return `${shape.length} dimension${shape.length === 1 ? '' : 's'} [${shape.join(', ')}]`;
}

// The binary format of CIFAR (Krizhevsky 2009): records of one or two label bytes and 3072 pixels, all reds, then greens, then blues.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { ImageSet } from './images/image-set.ts';

/** How to read records, and their name in an error. */
export interface CifarOptions {
  /** The name of each label, from 0 on; a label without a name is an error. */
  readonly classNames: readonly string[];
  /** Label bytes of a record, of which the last counts: 1 for CIFAR-10; 2, coarse and fine, for CIFAR-100. @default 1 */
  readonly labelBytes?: 1 | 2;
  /** @default 'CIFAR file' */
  readonly name?: string;
}

const CIFAR: OptionChecks<CifarOptions> = {
  classNames: check.required({ expected: 'a list of names', accepts: Array.isArray }),
  labelBytes: { expected: '1 or 2', accepts: (value) => value === 1 || value === 2 },
  name: { expected: 'a text', accepts: (value) => typeof value === 'string' },
};

const SIDE = 32;
const PLANE = SIDE * SIDE;

/**
 * Reads 32 x 32 images of three channels from the bytes of a binary CIFAR file.
 * @throws SinapseError when the bytes are no whole number of records, or a label is out of range
 */
export function imageSetFromCifar(bytes: Uint8Array, options: CifarOptions): ImageSet {
  checkValue('imageSetFromCifar', bytes, check.bytes);
  checkOptions('imageSetFromCifar', options, CIFAR);
  const { classNames, labelBytes = 1, name = 'CIFAR file' } = options;
  const record = labelBytes + 3 * PLANE;
  const count = bytes.length / record;
  if (count === 0) throw new SinapseError(`${name} is empty`);
  if (!Number.isInteger(count))
    throw new SinapseError(`${name} has ${bytes.length} bytes, which is no whole number of records of ${record} bytes`);
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  for (let i = 0, to = 0; i < count; i++) {
    const label = bytes[i * record + labelBytes - 1]!;
    if (label >= classNames.length)
      throw new SinapseError(`${name} has label ${label} at record ${i}, expected 0 to ${classNames.length - 1}`);
    labels[i] = label;
    const red = i * record + labelBytes;
    for (let pixel = red; pixel < red + PLANE; pixel++) {
      images[to++] = bytes[pixel]!;
      images[to++] = bytes[pixel + PLANE]!;
      images[to++] = bytes[pixel + 2 * PLANE]!;
    }
  }
  return { images, labels, height: SIDE, width: SIDE, channels: 3, classNames };
}

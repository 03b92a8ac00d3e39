// EMNIST (Cohen et al. 2017): handwritten letters and digits, 28 x 28 grey. One archive holds all variants, as IDX files within gzip within zip.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions } from '@sinapse/core';
import { unzipSync } from 'fflate';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { imageSetFromIdx } from '../idx.ts';
import type { ImageSet } from '../images/image-set.ts';
import type { RemoteFile } from './download.ts';
import { gunzipBounded } from './gunzip.ts';
import { SET, fromCache, fromFolder, reading } from './set-files.ts';
import type { NamedBytes, SetOptions, SetSource } from './set-files.ts';

export type EmnistVariant = 'balanced' | 'byclass' | 'bymerge' | 'digits' | 'letters';

export interface EmnistOptions extends SetOptions {
  /** Digits and letters with classes of equal size, by class, or with letters merged that look alike in both cases; digits; or letters. @default 'balanced' */
  readonly variant?: EmnistVariant;
}

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Lower-case letters that look unlike their upper case. */
const DISTINCT = 'abdefghnqrt';

const CLASSES: Readonly<Record<EmnistVariant, readonly string[]>> = {
  balanced: (DIGITS + UPPER + DISTINCT).split(''),
  bymerge: (DIGITS + UPPER + DISTINCT).split(''),
  byclass: (DIGITS + UPPER + UPPER.toLowerCase()).split(''),
  digits: DIGITS.split(''),
  letters: UPPER.toLowerCase().split(''),
};

const SOURCE: SetSource = {
  name: 'emnist',
  files: "EMNIST's gzip.zip, or its files,",
  mirrors: ['https://biometrics.nist.gov/cs_links/EMNIST/'],
};
/** Hash of the archive, as TensorFlow Datasets publishes it (url_checksums/emnist.txt). */
const ARCHIVE: RemoteFile = {
  name: 'gzip.zip',
  sha256: 'fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e',
  size: 561_753_746,
  unpacked: 561_753_746,
};
/** Most bytes of an unpacked file: byclass has 697,932 images. */
const MOST_BYTES = 600 * 2 ** 20;

const EMNIST: OptionChecks<EmnistOptions> = { ...SET, variant: check.oneOf(Object.keys(CLASSES)) };

/**
 * Reads one half of a variant of EMNIST. The archive's images lie on their side; they are turned upright.
 * @returns images `[count, 28, 28, 1]`, labels from 0
 * @throws SinapseError that says what to do, when a file is missing, damaged, or cannot be downloaded; the signal's reason
 */
export async function emnist(options: EmnistOptions = {}): Promise<ImageSet> {
  checkOptions('emnist', options, EMNIST);
  const { split = 'train', variant = 'balanced', dir } = options;
  return reading(SOURCE, async () => {
    const names = (['images-idx3', 'labels-idx1'] as const).map((part) => `emnist-${variant}-${split}-${part}-ubyte`);
    const [images, labels] =
      dir === undefined ? await fromArchive(await fromCache(SOURCE, ARCHIVE, options), names) : await fromUser(dir, names);
    const letters = variant === 'letters'; // its labels begin with 1
    const found = imageSetFromIdx(images!.bytes, labels!.bytes, {
      classNames: [...(letters ? [''] : []), ...CLASSES[variant]],
      imagesName: images!.path,
      labelsName: labels!.path,
    });
    if (letters && found.labels.includes(0)) throw new SinapseError(`${labels!.path} has label 0, expected 1 to 26`);
    return {
      ...found,
      ...upright(found),
      ...(letters && { labels: found.labels.map((label) => label - 1), classNames: CLASSES.letters }),
    };
  });
}

async function fromUser(dir: string, names: readonly string[]): Promise<NamedBytes[]> {
  const archive = join(dir, ARCHIVE.name);
  if ((await stat(archive).catch(() => undefined))?.isFile() === true) return fromArchive(await fromFolder(SOURCE, dir, [ARCHIVE.name], 2 ** 30), names); // prettier-ignore
  const folders = ['emnist', 'gzip'];
  return Promise.all(names.map((name) => fromFolder(SOURCE, dir, [`${name}.gz`, name], MOST_BYTES, folders)));
}

async function fromArchive({ path, bytes }: NamedBytes, names: readonly string[]): Promise<NamedBytes[]> {
  const wanted = names.map((name) => `gzip/${name}.gz`);
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, { filter: ({ name, originalSize }) => wanted.includes(name) && originalSize <= MOST_BYTES });
  } catch (error) {
    throw new SinapseError(`${path} is damaged: ${(error as Error).message}`);
  }
  return Promise.all(
    wanted.map(async (name) => {
      const file = files[name];
      if (file === undefined) throw new SinapseError(`${path} has no ${name}`);
      return { path: `${path}/${name}`, bytes: await gunzipBounded(file, MOST_BYTES, name) };
    }),
  );
}

/** Rows as columns. */
function upright({ images, height, width }: ImageSet): Pick<ImageSet, 'images' | 'height' | 'width'> {
  const size = height * width;
  const out = new Uint8Array(images.length);
  for (let start = 0; start < images.length; start += size)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) out[start + column * height + row] = images[start + row * width + column]!;
  return { images: out, height: width, width: height };
}

// A folder of images decoded into memory, all of one size. Decoding is done once: the pixels are kept in the cache folder, under the names, sizes
// and times of all files.

import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sidesOf } from '../images/augment/crop.ts';
import type { ImageSet } from '../images/image-set.ts';
import { SIGNAL } from '../pipeline/option-checks.ts';
import { cacheDirectory } from './cache-directory.ts';
import { decodeFile } from './decode-file.ts';
import { DECODE } from './decode-image.ts';
import type { DecodeOptions } from './decode-image.ts';
import { checkImageFolder } from './image-folder.ts';
import type { ImageFolder, SkippedFile } from './image-folder.ts';

export interface LoadImagesOptions extends DecodeOptions {
  /** The size that all images get; it must be given. */
  readonly size: NonNullable<DecodeOptions['size']>;
  /** Folder that keeps decoded pixels, or false to keep none. @default `decoded` in cacheDirectory() */
  readonly cacheDir?: string | false;
  /** Most bytes of pixels in memory. @default 4 GiB */
  readonly maxBytes?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** The images that could be read, and those that could not. */
export interface LoadedImages {
  readonly images: ImageSet;
  /** The path of each image of the set. */
  readonly files: readonly string[];
  readonly unreadable: readonly SkippedFile[];
}

const LOAD: OptionChecks<LoadImagesOptions> = {
  ...DECODE,
  size: check.required(DECODE.size),
  cacheDir: {
    expected: 'the path of a folder, or false',
    accepts: (value) => value === false || (typeof value === 'string' && value !== ''),
  },
  maxBytes: check.count,
  onProgress: check.callable,
  signal: SIGNAL,
};

/** Files that are read and decoded at the same time. */
const AT_ONCE = 16;

/**
 * Reads and decodes the images of a folder. A file that cannot be read is left out and listed. Later calls take the decoded pixels from the
 * cache, unless a file has changed.
 * @throws SinapseError when no image can be read, or the pixels would take too much memory; the signal's reason
 * @example
 * const { images, unreadable } = await loadImages(await imageFolder('./photos'), { size: 64 });
 */
export async function loadImages(folder: ImageFolder, options: LoadImagesOptions): Promise<LoadedImages> {
  checkImageFolder('loadImages', folder);
  checkOptions('loadImages', options, LOAD);
  const { channels = 3, cacheDir = join(cacheDirectory(), 'decoded'), maxBytes = 2 ** 32 } = options;
  const [height, width] = sidesOf(options.size);
  const bytes = folder.files.length * height * width * channels;
  if (bytes > maxBytes)
    throw new SinapseError(`loadImages: ${folder.files.length} images of ${height}x${width}x${channels} need ${(bytes / 2 ** 30).toFixed(1)} GiB; take a smaller size, or read them as they are needed (folderDataset)`); // prettier-ignore
  const form = {
    height,
    width,
    channels,
    fit: options.fit ?? 'cover',
    background: options.background ?? 255,
    maxPixels: options.maxPixels,
  };
  const path = cacheDir === false ? undefined : join(cacheDir, `${await fingerprintOf(folder, form)}.pixels`);
  const decoded = (path !== undefined && (await readDecoded(path, form))) || (await decodeAll(folder, options, height * width * channels));
  if (path !== undefined && !decoded.kept) await writeDecoded(path, form, decoded).catch(() => undefined); // a full disk costs time, not the run
  const { places, pixels } = decoded;
  if (places.length === 0)
    throw new SinapseError(`loadImages: none of ${folder.files.length} images can be read; ${decoded.unreadable[0]?.reason}`);
  return {
    images: {
      images: pixels,
      labels: Int32Array.from(places, (place) => folder.labels[place]!),
      height,
      width,
      channels,
      classNames: folder.classNames,
    },
    files: places.map((place) => folder.files[place]!),
    unreadable: decoded.unreadable,
  };
}

interface Decoded {
  /** The places of the files that could be read. */
  readonly places: readonly number[];
  readonly pixels: Uint8Array;
  readonly unreadable: readonly SkippedFile[];
  /** Whether it came from the cache. */
  readonly kept: boolean;
}

async function decodeAll(
  folder: ImageFolder,
  { onProgress, signal, cacheDir: _, maxBytes: __, ...options }: LoadImagesOptions,
  size: number,
): Promise<Decoded> {
  const { files } = folder;
  const pixels = new Uint8Array(files.length * size);
  const reasons = new Map<number, string>();
  let [next, done] = [0, 0];
  const worker = async (): Promise<void> => {
    while (next < files.length) {
      signal?.throwIfAborted();
      const place = next++;
      const picture = await decodeFile(files[place]!, options);
      if (typeof picture === 'string') reasons.set(place, picture);
      else pixels.set(picture.data, place * size);
      if (++done % 100 === 0 || done === files.length) onProgress?.({ done, total: files.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const places = files.map((_file, place) => place).filter((place) => !reasons.has(place));
  places.forEach((place, i) => i !== place && pixels.copyWithin(i * size, place * size, (place + 1) * size));
  const unreadable = [...reasons].sort(([a], [b]) => a - b).map(([place, reason]) => ({ path: files[place]!, reason }));
  return { places, pixels: pixels.subarray(0, places.length * size), unreadable, kept: false };
}

/** The names, sizes and times of all files, and the form of the pixels, as a short word. */
async function fingerprintOf(folder: ImageFolder, form: object): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(form));
  for (let start = 0; start < folder.files.length; start += 1000) {
    const some = folder.files.slice(start, start + 1000);
    const found = await Promise.all(some.map((file) => stat(file).catch(() => undefined)));
    some.forEach((file, i) => hash.update(`${JSON.stringify(file)} ${found[i]?.size} ${found[i]?.mtimeMs}\n`));
  }
  return hash.digest('hex').slice(0, 32);
}

const MAGIC = 'sinapse pixels 1\n';

async function writeDecoded(path: string, form: object, { places, pixels, unreadable }: Decoded): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const temporary = `${path}.${process.pid}.part`;
  const header = JSON.stringify({ form, places, unreadable, sha256: createHash('sha256').update(pixels).digest('hex') });
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(`${MAGIC}${header}\n`);
      await file.writeFile(pixels);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Pixels from the cache; undefined if there are none, or they are damaged. */
async function readDecoded(path: string, form: object): Promise<Decoded | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined || bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined;
  const end = bytes.indexOf(10, MAGIC.length);
  try {
    const header = JSON.parse(bytes.subarray(MAGIC.length, end).toString()) as Decoded & { form: object; sha256: string };
    const pixels = new Uint8Array(bytes.buffer, bytes.byteOffset + end + 1, bytes.length - end - 1);
    if (JSON.stringify(header.form) !== JSON.stringify(form) || createHash('sha256').update(pixels).digest('hex') !== header.sha256)
      return undefined;
    return { places: header.places, pixels, unreadable: header.unreadable, kept: true };
  } catch {
    return undefined;
  }
}

// A folder of pictures as a problem: a class for each folder in it, or the same within `train`, `validation` and `test`.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { basename, relative, resolve } from 'node:path';
import { SinapseError } from '@sinapse/core';
import type { ImageBatch, ImageSet, Preprocessing } from '@sinapse/datasets';
import { imageDataset } from '@sinapse/datasets';
import type { ImageFolder } from '@sinapse/datasets/node';
import { decodeImage, folderSplits, loadImages } from '@sinapse/datasets/node';
import { plural } from '../output/numbers.ts';
import { augmentation } from './augmentation.ts';
import type { AutoSettings } from './auto-settings.ts';
import { findDuplicates } from './duplicates.ts';
import { partsOf } from './parts.ts';
import type { BatchOptions, ImageProblem } from './problem.ts';

export interface LookOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pictures whose middle side is at most this are learned at their own size, larger ones at 64 pixels. */
const SMALL = 40;
const LARGE = 64;
/** Networks whose weights come from larger pictures need more than that. */
const PRETRAINED = 128;

/** So many pictures are looked at to learn their sizes. */
const SAMPLE = 48;

/**
 * Reads the pictures, finds copies, and splits them.
 * @throws SinapseError when the folder has no pictures, one class only, or too few
 */
export async function lookAtPictures(settings: AutoSettings & { readonly seed: number }, look: LookOptions): Promise<ImageProblem> {
  const root = settings.data;
  const folder = await foldersOf(root);
  const { classNames } = folder;
  if (classNames.length < 2)
    throw new SinapseError(`${root} has one class only, ${JSON.stringify(classNames[0])}; a classifier needs a folder for each of at least two classes`); // prettier-ignore
  const sizes = await sizesOf(folder);
  const side = settings.imageSize ?? sideFor(sizes.median, folder.files.length, settings.pretrained === undefined ? LARGE : PRETRAINED);
  const loaded = await loadImages(folder, {
    size: side,
    signal: look.signal,
    maxBytes: 2 ** 33,
    ...(look.onProgress && { onProgress: ({ done, total }) => look.onProgress!(done, total) }),
  });
  const set = withoutColour(loaded.images);
  const place = new Map(folder.files.map((file, i) => [file, folder.partOf[i]!]));
  const indicesOf = (part: string): Int32Array => Int32Array.from(loaded.files.flatMap((file, i) => (place.get(file) === part ? [i] : [])));
  const given = { validation: indicesOf('validation'), test: indicesOf('test') };
  const duplicates = findDuplicates(set);
  const targets = Int32Array.from(set.labels);
  const name = basename(resolve(root));
  const parts = partsOf({ name: root, count: targets.length, task: 'classification', targets, duplicates, given }, settings.seed);
  const shown = (path: string): string => relative(root, path);
  const preprocessedBy = (preprocessing: Preprocessing): ImageProblem => ({
    kind: 'images',
    task: 'classification',
    name,
    count: targets.length,
    inputShape: [side, side, set.channels],
    classNames,
    targets,
    skipped: [...folder.skipped, ...loaded.unreadable].map(({ path, reason }) => ({ source: shown(path), reason })),
    duplicates,
    parts,
    remarks: remarksOn(set, duplicates.exact, loaded.files.map(shown)),
    content: contentOf(set),
    preprocessing: { ...preprocessing, fit: 'cover' },
    sizes,
    sourceOf: (index) => shown(loaded.files[index]!),
    batches: (indices, options) => batchesOf(subset(set, indices), preprocessing, options),
    preprocessedBy,
  });
  return preprocessedBy(standardising(set, parts.train));
}

interface Folders extends ImageFolder {
  /** The part that each file lies in; `train` where the folder has no parts. */
  readonly partOf: readonly string[];
}

/** All pictures of a folder with the parts that it has, in one list. */
async function foldersOf(root: string): Promise<Folders> {
  const { train, ...others } = await folderSplits(root);
  const found = [['train', train], ...Object.entries(others)] as readonly (readonly [part: string, folder: ImageFolder])[];
  return {
    root,
    classNames: train.classNames,
    files: found.flatMap(([, { files }]) => files),
    labels: Int32Array.from(found.flatMap(([, { labels }]) => [...labels])),
    skipped: found.flatMap(([, { skipped }]) => skipped),
    partOf: found.flatMap(([part, { files }]) => files.map(() => part)),
  };
}

/** The sizes of some of the pictures, from all over the folder. One that cannot be read tells nothing here: it is listed later. */
async function sizesOf({ files }: ImageFolder): Promise<ImageProblem['sizes']> {
  const step = Math.max(1, Math.floor(files.length / SAMPLE));
  const sample = files.filter((_, i) => i % step === 0).slice(0, SAMPLE);
  const sizes: [number, number][] = [];
  for (let at = 0; at < sample.length; at += availableParallelism())
    await Promise.all(
      sample.slice(at, at + availableParallelism()).map(async (file) => {
        const picture = await readFile(file)
          .then(decodeImage)
          .catch(() => undefined);
        if (picture !== undefined) sizes.push([picture.width, picture.height]);
      }),
    );
  if (sizes.length === 0) sizes.push([LARGE, LARGE]);
  sizes.sort(([a, b], [c, d]) => a * b - c * d || a - c);
  return { smallest: sizes[0]!, median: sizes[sizes.length >> 1]!, largest: sizes.at(-1)! };
}

/** The side at which pictures are learned: their own if they are small, and less if memory would not hold them. */
function sideFor([width, height]: readonly [number, number], count: number, large: number): number {
  const own = Math.min(width, height);
  const wanted = own <= SMALL ? Math.max(12, own) : large;
  const room = Math.floor(Math.sqrt(freemem() / 4 / 3 / count));
  return Math.max(12, Math.min(wanted, room));
}

/** Grey pictures in one channel: those whose three channels are the same everywhere. */
function withoutColour(set: ImageSet): ImageSet {
  const { images } = set;
  for (let i = 0; i < images.length; i += 3) if (images[i] !== images[i + 1] || images[i] !== images[i + 2]) return set;
  return { ...set, images: Uint8Array.from({ length: images.length / 3 }, (_, i) => images[3 * i]!), channels: 1 };
}

/** Mean 0 and standard deviation 1 in each channel, over the pictures to train on. */
function standardising({ images, height, width, channels }: ImageSet, train: Int32Array): Preprocessing {
  const size = height * width * channels;
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (const index of train)
    for (let i = 0; i < size; i++) {
      const value = images[index * size + i]! / 255;
      sums[i % channels]! += value;
      squares[i % channels]! += value * value;
    }
  const n = train.length * height * width;
  const rounded = (value: number): number => Number(value.toFixed(4));
  const mean = Array.from(sums, (sum) => rounded(sum / n));
  const std = Array.from(squares, (square, c) => rounded(Math.sqrt(Math.max(square / n - (sums[c]! / n) ** 2, 0))) || 1);
  return { scale: 1 / 255, mean, std };
}

/** The pictures at some places, without a copy if they are all. */
function subset(set: ImageSet, indices: Int32Array): ImageSet {
  const size = set.height * set.width * set.channels;
  const images = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => images.set(set.images.subarray(index * size, (index + 1) * size), i * size));
  return { ...set, images, labels: Int32Array.from(indices, (index) => set.labels[index]!) };
}

function batchesOf(set: ImageSet, preprocessing: Preprocessing, { batchSize, shuffle, augment = 'none' }: BatchOptions) {
  const change = augmentation(augment, set.height, set.channels);
  const examples = imageDataset(set, preprocessing, change === undefined ? {} : { augment: change, seed: shuffle ?? 0 });
  const batches = (shuffle === undefined ? examples : examples.shuffle(shuffle)).batch<ImageBatch>(batchSize);
  return { length: batches.length, iterate: (at: { epoch: number }) => batches.iterate(at) };
}

function remarksOn({ labels }: ImageSet, exact: readonly (readonly number[])[], files: readonly string[]): string[] {
  const torn = exact.filter((group) => new Set(group.map((index) => labels[index])).size > 1);
  if (torn.length === 0) return [];
  const example = torn[0]!.slice(0, 2).map((index) => files[index]!);
  return [`${plural(torn.length, 'picture')} lie${torn.length === 1 ? 's' : ''} in two classes at once, e.g. ${example.join(' and ')}`];
}

function contentOf({ images, labels }: ImageSet): string {
  return createHash('sha256').update(images).update(labels).digest('hex').slice(0, 16);
}

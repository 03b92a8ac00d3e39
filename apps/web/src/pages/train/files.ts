// Files that someone drops on the page: MNIST's pairs of images and labels, also compressed, and model files. They may come from anywhere.

import { SinapseError } from '@sinapse/core';
import type { ImageSet } from '@sinapse/datasets';
import { imageSetFromIdx, parseIdx, takeImages } from '@sinapse/datasets';
import { Refusal } from '../../experiment/failure-of.ts';
import type { TrainData } from './data.ts';
import { MOST_MEGABYTES } from './file-limits.ts';

/** A file as the page hands it over. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const MEGABYTE = 2 ** 20;

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);
const isGzip = (bytes: Uint8Array): boolean => startsWith(bytes, 0x1f, 0x8b);
const isIdx = (bytes: Uint8Array): boolean => startsWith(bytes, 0, 0, 8);

/** The first bytes of pictures: PNG, JPEG, GIF, BMP, WebP. */
const PICTURES = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
  [0x52, 0x49, 0x46, 0x46],
] as const;

/**
 * Whether a file is to be read as a model: it is none of MNIST's.
 * @throws Refusal when it is empty or a picture
 */
export function looksLikeModel(file: DroppedFile): boolean {
  checkContents(file);
  return !isGzip(file.bytes) && !isIdx(file.bytes);
}

/** @throws Refusal when a file is empty or a picture */
function checkContents({ name, bytes }: DroppedFile): void {
  if (bytes.length === 0) throw new Refusal({ kind: 'fileEmpty', name, detail: '' });
  if (PICTURES.some((start) => startsWith(bytes, ...start))) throw new Refusal({ kind: 'filePicture', name, detail: '' });
}

/**
 * Reads labelled images from two files (the last sixth is then kept for testing), or from four: `train-…` and `t10k-…` or `test-…`.
 * @throws Refusal that names the file that is missing or wrong
 */
export async function dataFromFiles(files: readonly DroppedFile[]): Promise<TrainData> {
  files.forEach(checkContents);
  const unpacked = await Promise.all(files.map(unpack));
  for (const { name, bytes } of unpacked) if (!isIdx(bytes)) throw new Refusal({ kind: 'fileUnknown', name, detail: '' });
  const isTest = ({ name }: DroppedFile) => /t10k|test/i.test(name);
  const trainSet = readPair(unpacked.filter((file) => !isTest(file)));
  const testSet = readPair(unpacked.filter(isTest));
  const name = files.map((file) => file.name).join(', ');
  if (trainSet !== undefined && testSet !== undefined) {
    const same = (['height', 'width'] as const).every((side) => trainSet[side] === testSet[side]);
    if (!same) throw new Refusal({ kind: 'sizesDiffer', detail: '' });
    const classNames = trainSet.classNames.length >= testSet.classNames.length ? trainSet.classNames : testSet.classNames;
    return { kind: 'images', name, train: { ...trainSet, classNames }, test: { ...testSet, classNames }, classNames };
  }
  const whole = (trainSet ?? testSet)!;
  const [train, test] = split(whole);
  return { kind: 'images', name, train, test, classNames: whole.classNames };
}

async function unpack(file: DroppedFile): Promise<DroppedFile> {
  if (!isGzip(file.bytes)) return file;
  const { name } = file;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([file.bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST_MEGABYTES * MEGABYTE) {
        const megabytes = Math.ceil(size / MEGABYTE);
        throw new Refusal({ kind: 'fileTooLarge', name, megabytes, most: MOST_MEGABYTES, detail: '' });
      }
      parts.push(value);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged(name, error);
  }
  const bytes = new Uint8Array(size);
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return { name, bytes };
}

function damaged(name: string, error: unknown): Refusal {
  return new Refusal({ kind: 'fileDamaged', name, detail: error instanceof Error ? error.message : String(error) });
}

/** Reads what may be damaged, and names the file if it is. */
function reading<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SinapseError ? damaged(name, error) : error;
  }
}

/** Images and labels of a pair of files; undefined if there are no files. */
function readPair(files: readonly DroppedFile[]): ImageSet | undefined {
  if (files.length === 0) return undefined;
  const arrays = files.map(({ name, bytes }) => ({ name, bytes, array: reading(name, () => parseIdx(bytes, name)) }));
  const images = arrays.find(({ array }) => array.shape.length === 3);
  const labels = arrays.find(({ array }) => array.shape.length === 1);
  if (images === undefined && labels === undefined) throw new Refusal({ kind: 'fileUnknown', name: files[0]!.name, detail: '' });
  if (images === undefined) throw new Refusal({ kind: 'imagesMissing', name: labels!.name, detail: '' });
  if (labels === undefined) throw new Refusal({ kind: 'labelsMissing', name: images.name, detail: '' });
  const classes = labels.array.data.reduce((most, label) => Math.max(most, label), 1) + 1;
  const classNames = Array.from({ length: Math.max(classes, 2) }, (_, i) => String(i));
  const names = { classNames, imagesName: images.name, labelsName: labels.name };
  return reading(images.name, () => imageSetFromIdx(images.bytes, labels.bytes, names));
}

/** Fewer images cannot be shared out. */
const LEAST_IMAGES = 6;

function split(set: ImageSet): [train: ImageSet, test: ImageSet] {
  const count = set.labels.length;
  if (count < LEAST_IMAGES) throw new Refusal({ kind: 'tooFewImages', count, least: LEAST_IMAGES, detail: '' });
  const kept = count - Math.floor(count / 6);
  const pixels = set.height * set.width * set.channels;
  return [takeImages(set, kept), { ...set, images: set.images.subarray(kept * pixels), labels: set.labels.subarray(kept) }];
}

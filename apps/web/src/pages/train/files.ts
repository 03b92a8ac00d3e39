// Files that someone drops on the page: MNIST's pairs of images and labels, also compressed, and model files. They may come from anywhere.

import { SinapseError } from '@sinapse/core';
import type { ImageSet } from '@sinapse/datasets';
import { imageSetFromIdx, parseIdx, takeImages } from '@sinapse/datasets';
import type { TrainData } from './data.ts';

/** A file as the page hands it over. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The most bytes of a file, also after decompression: MNIST's largest has 47 million. */
const MOST_BYTES = 512 * 2 ** 20;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isIdx = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8;

/** Whether a file can be one of MNIST's. Any other is taken for a model. */
export function looksLikeData({ bytes }: DroppedFile): boolean {
  return isGzip(bytes) || isIdx(bytes);
}

/**
 * Reads labelled images from two files (the last sixth is then kept for testing), or from four: `train-…` and `t10k-…` or `test-…`.
 * @throws SinapseError that names the file that is missing or wrong
 */
export async function dataFromFiles(files: readonly DroppedFile[]): Promise<TrainData> {
  const unpacked = await Promise.all(files.map(unpack));
  const isTest = ({ name }: DroppedFile) => /t10k|test/i.test(name);
  const trainSet = readPair(unpacked.filter((file) => !isTest(file)));
  const testSet = readPair(unpacked.filter(isTest));
  const whole = trainSet ?? testSet;
  if (whole === undefined)
    throw new SinapseError('two files are needed, one with images (idx3) and one with labels (idx1); drop both at once');
  const name = files.map((file) => file.name).join(', ');
  if (trainSet !== undefined && testSet !== undefined) {
    const same = (['height', 'width'] as const).every((side) => trainSet[side] === testSet[side]);
    if (!same) throw new SinapseError('the images for training and for testing have different sizes');
    const classNames = trainSet.classNames.length >= testSet.classNames.length ? trainSet.classNames : testSet.classNames;
    return { kind: 'images', name, train: { ...trainSet, classNames }, test: { ...testSet, classNames }, classNames };
  }
  const [train, test] = split(whole);
  return { kind: 'images', name, train, test, classNames: whole.classNames };
}

async function unpack(file: DroppedFile): Promise<DroppedFile> {
  if (!isGzip(file.bytes)) return file;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([file.bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST_BYTES) throw new SinapseError(`${file.name} is larger than 512 MB when decompressed`);
      parts.push(value);
    }
  } catch (error) {
    throw error instanceof SinapseError ? error : new SinapseError(`${file.name} is a damaged gzip file`);
  }
  const bytes = new Uint8Array(size);
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return { name: file.name, bytes };
}

/** Images and labels of a pair of files; undefined if there is none. */
function readPair(files: readonly DroppedFile[]): ImageSet | undefined {
  const withRank = files.map((file) => ({ ...file, rank: parseIdx(file.bytes, file.name).shape.length }));
  const images = withRank.find(({ rank }) => rank === 3);
  const labels = withRank.find(({ rank }) => rank === 1);
  if (images === undefined && labels === undefined) return undefined;
  if (images === undefined) throw new SinapseError(`${labels!.name} has the labels; the file with the images (idx3) is missing`);
  if (labels === undefined) throw new SinapseError(`${images.name} has the images; the file with the labels (idx1) is missing`);
  const { data } = parseIdx(labels.bytes, labels.name);
  const classes = data.reduce((most, label) => Math.max(most, label), 1) + 1;
  const classNames = Array.from({ length: Math.max(classes, 2) }, (_, i) => String(i));
  return imageSetFromIdx(images.bytes, labels.bytes, { classNames, imagesName: images.name, labelsName: labels.name });
}

function split(set: ImageSet): [train: ImageSet, test: ImageSet] {
  const count = set.labels.length;
  if (count < 6) throw new SinapseError(`${count} images are too few to train and test with; at least 6 are needed`);
  const kept = count - Math.floor(count / 6);
  const pixels = set.height * set.width * set.channels;
  return [takeImages(set, kept), { ...set, images: set.images.subarray(kept * pixels), labels: set.labels.subarray(kept) }];
}

// Files that someone drops on the page: those that are taken, and what is said of each that is not.

import { gzipSync } from 'node:zlib';
import { cpu } from '@sinapse/backend-cpu';
import { memory, use } from '@sinapse/core';
import { digits } from '@sinapse/datasets';
import { dense, sequential } from '@sinapse/layers';
import { encodeModel } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';
import { beforeAll, expect, test } from 'vitest';
import { failureOf } from '../../experiment/failure-of.ts';
import type { Failure } from '../../experiment/failure.ts';
import type { DroppedFile } from './files.ts';
import { TrainMachine } from './machine.ts';
import { disposeNetwork } from './network.ts';
import { defaultsFor } from './settings.ts';

beforeAll(async () => void use(await cpu()));

const set = digits({ count: 60, seed: 3 });

/** A file of MNIST's format. */
function idx(name: string, shape: readonly number[], data: Uint8Array): DroppedFile {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((length, i) => header.setUint32(4 + 4 * i, length));
  return { name, bytes: Uint8Array.from([...new Uint8Array(header.buffer), ...data]) };
}

const zip = ({ name, bytes }: DroppedFile): DroppedFile => ({ name: `${name}.gz`, bytes: new Uint8Array(gzipSync(bytes)) });
const text = (name: string, words: string): DroppedFile => ({ name, bytes: new TextEncoder().encode(words) });

const images = idx('images-idx3-ubyte', [60, 28, 28], set.images);
const labels = zip(idx('labels-idx1-ubyte', [60], set.labels as Uint8Array));

const open = (files: readonly DroppedFile[]) => new TrainMachine(() => {}).open(files, defaultsFor('digits'));

/** What is said of files that are not taken. */
async function refused(files: readonly DroppedFile[]): Promise<Failure> {
  const before = memory().tensors;
  const failure = await open(files).then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );
  expect(memory().tensors).toBeLessThanOrEqual(before); // the collector may release those of other tests
  return failure!;
}

test('MNIST’s files become the data, also compressed; a sixth is kept for testing', async () => {
  const { prepared } = await open([images, labels]);
  expect(prepared).toMatchObject({ trainCount: 50, testCount: 10, inputShape: [28, 28, 1] });
  expect(prepared.classNames).toHaveLength(10);
});

test('four files are two sets', async () => {
  const named = (split: string, file: DroppedFile): DroppedFile => ({ ...file, name: `${split}-${file.name}` });
  const { prepared } = await open(['train', 't10k'].flatMap((split) => [named(split, images), named(split, labels)]));
  expect(prepared).toMatchObject({ trainCount: 60, testCount: 60 });
});

const png = { name: 'seven.png', bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]) };

test.each<[string, readonly DroppedFile[], Partial<Failure>]>([
  ['an empty file', [text('empty', '')], { kind: 'fileEmpty' }],
  ['garbage', [text('notes.txt', 'garbage, and no model at all')], { kind: 'fileUnknown' }],
  ['a few bytes', [text('x', '{}')], { kind: 'fileUnknown' }],
  ['a picture', [png], { kind: 'filePicture' }],
  ['a picture beside data', [images, png], { kind: 'filePicture' }],
  ['garbage beside data', [images, text('notes.txt', 'garbage')], { kind: 'fileUnknown' }],
  ['only images', [images], { kind: 'labelsMissing' }],
  ['only labels', [labels], { kind: 'imagesMissing' }],
  ['a damaged gzip file', [images, { ...labels, bytes: labels.bytes.slice(0, 40) }], { kind: 'fileDamaged' }],
  ['images that end too early', [{ ...images, bytes: images.bytes.slice(0, 999) }, labels], { kind: 'fileDamaged' }],
  [
    'five images',
    [idx('images', [5, 28, 28], set.images.slice(0, 5 * 784)), idx('labels', [5], set.labels.slice(0, 5) as Uint8Array)],
    { kind: 'tooFewImages', count: 5 },
  ],
  [
    'sets of two sizes',
    [images, labels, idx('test-images', [2, 2, 2], new Uint8Array(8)), idx('test-labels', [2], new Uint8Array(2))],
    { kind: 'sizesDiffer' },
  ],
])('%s: the file is named, and what is wrong with it', async (_, files, expected) => {
  const failure = await refused(files);
  expect(failure).toMatchObject(expected);
  if ('name' in failure) expect(files.map(({ name }) => name)).toContain(failure.name);
});

/** A model file, perhaps with other words in its card. */
async function modelFile(
  make: () => ReturnType<typeof sequential>,
  inputShape: readonly number[],
  [word, instead]: readonly [string, string] = ['', ''],
): Promise<DroppedFile> {
  const model = make();
  model.build(inputShape, 1);
  const bytes = await encodeModel(model, { inputShape });
  disposeNetwork(model);
  const latin = Buffer.from(bytes).toString('latin1').replaceAll(word, instead);
  return { name: 'model.safetensors', bytes: new Uint8Array(Buffer.from(latin, 'latin1')) };
}

test.each<[string, () => Promise<DroppedFile>, Partial<Failure>]>([
  [
    'of colour pictures',
    () => modelFile(() => lenet5({ inputShape: [32, 32, 3] }), [32, 32, 3]),
    { kind: 'modelForOtherInputs', takes: '32 × 32 × 3', given: '28 × 28 × 1' },
  ],
  [
    'of four classes',
    () => modelFile(() => lenet5({ classes: 4 }), [28, 28, 1]),
    { kind: 'modelForOtherClasses', gives: '4', classes: 10 },
  ],
  [
    'of three numbers',
    () => modelFile(() => sequential([dense({ units: 2 })]), [3]),
    { kind: 'modelForOtherInputs', takes: '3', given: '2' },
  ],
  [
    'with a layer of its own',
    () => modelFile(() => sequential([dense({ units: 2 })]), [2], ['dense', 'dance']),
    { kind: 'modelWithUnknownLayer', layer: 'dance' },
  ],
  [
    'that is no file of this version',
    () => modelFile(() => sequential([dense({ units: 2 })]), [2], ['sinapse-model', 'another-model']),
    { kind: 'fileDamaged' },
  ],
])('a model %s is refused', async (_, make, expected) => {
  const file = await make();
  expect(await refused([file])).toMatchObject({ ...expected, name: 'model.safetensors' });
});

test('a file with weights alone is refused', async () => {
  const model = sequential([dense({ units: 2 })]);
  model.build([2], 1);
  const bytes = await encodeModel(model, { architecture: null });
  expect(await refused([{ name: 'weights.safetensors', bytes }])).toMatchObject({ kind: 'modelOfWeightsAlone' });
});

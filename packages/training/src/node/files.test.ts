import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { use } from '@sinapse/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { bitsOfCheckpoint } from '../../test/bits.ts';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import { fit, loadWeights, TrainingError } from '../index.ts';
import { loadCheckpoint, loadModel, saveCheckpoint, saveModel } from './index.ts';

let folder: string;
beforeEach(async () => {
  use(poisoned());
  folder = await mkdtemp(join(tmpdir(), 'sinapse-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a model is saved and loaded', async () => {
  const path = join(folder, 'a model.safetensors');
  const model = new Linear(5, 3, 1);
  await saveModel(path, model, { architecture: null, trainedOn: 'clusters' });
  const { card, arrays } = await loadModel(path);
  const other = new Linear(5, 3, 2);
  loadWeights(other, arrays);
  expect(card).toEqual({ architecture: null, trainedOn: 'clusters' });
  expect(bitsOf(other)).toEqual(bitsOf(model));
});

test('a checkpoint is saved and loaded', async () => {
  const path = join(folder, 'run.checkpoint');
  const { checkpoint } = await fit(new Linear(5, 3), clusters(), { optimizer: new Momentum(), loss: crossEntropy, epochs: 1, seed: 1 });
  await saveCheckpoint(path, await checkpoint());
  expect(bitsOfCheckpoint(await loadCheckpoint(path))).toEqual(bitsOfCheckpoint(await checkpoint()));
});

test.each([
  ['a file that is not there', async (path: string) => path, 'there is no such file'],
  ['a folder', async () => folder, 'it is a folder'],
  [
    'a text',
    async (path: string) => (await writeFile(path, 'hello'), path),
    'safetensors: the file has 5 bytes, the length of its header alone takes 8',
  ],
  [
    'a model for a checkpoint',
    async (path: string) => (await saveModel(path, new Linear(1, 2), { architecture: null }), path),
    'this file is not a checkpoint of Sinapse; its format is "sinapse-model"',
  ],
])('%s is refused in one line that names it', async (_, make, reason) => {
  const path = await make(join(folder, 'file'));
  await expect(loadCheckpoint(path)).rejects.toThrow(TrainingError);
  await expect(loadCheckpoint(path)).rejects.toThrow(`read ${path}: ${reason}`);
});

test.skipIf(!existsSync('/dev/zero'))('a device without an end is refused', async () => {
  await expect(loadModel('/dev/zero')).rejects.toThrow(new TrainingError('read /dev/zero: it is a device, not a file'));
});

test('a model that cannot be written leaves the old file', async () => {
  const path = join(folder, 'model');
  await writeFile(path, 'old');
  await expect(saveModel(path, new Linear(1, 2), { architecture: null, metrics: { loss: NaN } })).rejects.toThrow(
    'model card.metrics.loss is NaN',
  );
  expect(await readFile(path, 'utf8')).toBe('old');
});

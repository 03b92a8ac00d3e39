// Saves and loads model files and checkpoints on disk.

import { readFile, stat } from 'node:fs/promises';
import type { Model, Tensor } from '@sinapse/core';
import { checkValue } from '@sinapse/core';
import type { Checkpoint } from '../checkpoint/contents.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint/file.ts';
import { TrainingError } from '../errors.ts';
import type { ModelCard, ModelFile } from '../model-file.ts';
import { decodeModel, encodeModel } from '../model-file.ts';
import { PATH, codeOf, writeFileAtomic } from './write-file-atomic.ts';

/**
 * Writes a model file atomically: `saveModel('model.safetensors', model, { labels, preprocessing })`.
 * @param card as for `encodeModel`, which describes the model itself
 * @throws TrainingError when the model does not describe itself, the card is not JSON, or the file cannot be written
 */
export async function saveModel<In = Tensor>(path: string, model: Model<In, unknown>, card: Partial<ModelCard<In>> = {}): Promise<void> {
  await writeFileAtomic(path, await encodeModel(model, card));
}

/**
 * Reads a model file. `openModel` makes its model; `loadWeights` gives its arrays to a model that you made.
 * @throws TrainingError when the file cannot be read or is not a model file
 */
export async function loadModel<In = Tensor>(path: string): Promise<ModelFile<In>> {
  return decodeFile(path, decodeModel<In>);
}

/**
 * Writes a checkpoint atomically: an earlier file of the same name stays until the new one is complete.
 * @throws TrainingError when the file cannot be written
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}

/**
 * Reads a checkpoint, for the option `resume` of `fit`.
 * @throws TrainingError when the file cannot be read or is not a checkpoint
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return decodeFile(path, decodeCheckpoint);
}

async function decodeFile<T>(path: string, decode: (bytes: Uint8Array) => T): Promise<T> {
  checkValue('read: path', path, PATH);
  try {
    const found = await stat(path);
    // Some devices, such as /dev/zero, never end.
    if (found.isCharacterDevice() || found.isBlockDevice()) throw new TrainingError('it is a device, not a file');
    return decode(await readFile(path));
  } catch (error) {
    throw new TrainingError(`read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'it is not permitted';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

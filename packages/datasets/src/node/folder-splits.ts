// A folder of images that is divided already: `train/cats/*.jpg`, `test/cats/*.jpg`.

import { SinapseError } from '@sinapse/core';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFolder } from './image-folder.ts';
import type { ImageFolder } from './image-folder.ts';

/** The parts of a folder; of one that is not divided, `train` alone. All have the classes of `train`. */
export interface FolderSplits {
  readonly train: ImageFolder;
  readonly validation?: ImageFolder;
  readonly test?: ImageFolder;
}

const NAMES: Readonly<Record<keyof FolderSplits, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
};

/**
 * Lists the images of a folder by part, where it has the subfolders `train` and `test`, `val` or both; otherwise all are `train`.
 * @throws SinapseError as `imageFolder`, and when a part has a class that `train` has not
 */
export async function folderSplits(root: string): Promise<FolderSplits> {
  if (typeof root !== 'string' || root === '')
    throw new SinapseError(`folderSplits: expected the path of a folder, got ${root === '' ? '""' : typeof root}`);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = new Map(entries.filter((entry) => entry.isDirectory()).map(({ name }) => [name.toLowerCase(), name]));
  const pathOf = (part: keyof FolderSplits): string | undefined => {
    const found = NAMES[part].find((name) => folders.has(name));
    return found === undefined ? undefined : join(root, folders.get(found)!);
  };
  const [train, validation, test] = [pathOf('train'), pathOf('validation'), pathOf('test')];
  if (train === undefined || (validation === undefined && test === undefined)) return { train: await imageFolder(root) };
  const first = await imageFolder(train);
  const { classNames } = first;
  return {
    train: first,
    ...(validation !== undefined && { validation: await imageFolder(validation, { classNames }) }),
    ...(test !== undefined && { test: await imageFolder(test, { classNames }) }),
  };
}

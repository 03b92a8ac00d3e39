// An image file of a folder to pixels; the reason where it cannot be read.

import { SinapseError } from '@sinapse/core';
import type { Picture } from '../images/augment/picture.ts';
import { decodeImage } from './decode-image.ts';
import type { DecodeOptions } from './decode-image.ts';
import { readBounded } from './folder.ts';

/** Most bytes of an image file. */
const MOST_FILE_BYTES = 256 * 2 ** 20;

/**
 * Reads and decodes a file.
 * @returns its picture, or in a line why it cannot be read
 * @throws SinapseError when sharp is not installed
 */
export async function decodeFile(path: string, options: DecodeOptions): Promise<Picture | string> {
  try {
    return await decodeImage(await readBounded(path, MOST_FILE_BYTES), options);
  } catch (error) {
    const message = (error as Error).message.split('\n')[0]!;
    if (error instanceof SinapseError && message.includes('npm install sharp')) throw error;
    return message.replace(/^decodeImage: /, '');
  }
}

// Reading what a user named: a file, or a pipe.

import { readFile, stat } from 'node:fs/promises';

/** Something that is no file. Its message is one line that names it. */
class InputError extends Error {
  override name = 'InputError';
}

/** All bytes of a file. */
export async function readInput(path: string): Promise<Buffer> {
  const found = await stat(path);
  // One such as /dev/zero has no end.
  if (found.isBlockDevice() || found.isCharacterDevice()) throw new InputError(`${path} is a device, but a file is needed`);
  return readFile(path).catch((error: unknown) => {
    throw Object.assign(error as Error, { path }); // Node leaves it out for a folder
  });
}

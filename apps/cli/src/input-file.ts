// Reads a file or pipe that the user named.

import { readFile, stat } from 'node:fs/promises';

/** Says that a path is not a file. The message is one line that names the path. */
class InputError extends Error {
  override name = 'InputError';
}

/** All bytes of a file. */
export async function readInput(path: string): Promise<Buffer> {
  const found = await stat(path);
  // A device such as /dev/zero never ends.
  if (found.isBlockDevice() || found.isCharacterDevice()) throw new InputError(`${path} is a device, but a file is needed`);
  return readFile(path).catch((error: unknown) => {
    throw Object.assign(error as Error, { path }); // Node gives no path if it is a folder
  });
}

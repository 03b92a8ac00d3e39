// Files in a folder of the user's, with errors that say what is wrong with the folder.

import { SinapseError } from '@sinapse/core';
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The first of several names that exists in the first of several folders.
 * @param folders the folder that the user named, then further places to look in
 * @throws SinapseError when the folder is missing or none, or no such file is in it
 */
export async function findFile(
  folders: readonly [string, ...string[]],
  names: readonly [string, ...string[]],
  advice: string,
): Promise<string> {
  const [folder] = folders;
  const found = await inspect(folder);
  if (found === undefined) throw new SinapseError(`there is no folder ${folder}; ${advice}`);
  if (!found.isDirectory()) throw new SinapseError(`${folder} is a file, expected a folder; ${advice}`);
  for (const place of folders) {
    for (const name of names) {
      const path = join(place, name);
      if ((await inspect(path)) !== undefined) return path;
    }
  }
  throw new SinapseError(`${folder} has no ${names[0]}; ${advice}`);
}

async function inspect(path: string): Promise<{ isDirectory(): boolean } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(path, code);
  }
}

/**
 * Reads a file of at most `limit` bytes.
 * @throws SinapseError when the path is no regular file, or the file is too large or may not be read; the file system's error when it is missing
 */
export async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    // A device such as /dev/zero has no end, and a pipe that nobody writes to keeps its reader for ever.
    if (!found.isFile()) throw new SinapseError(`${path} is a ${kindOf(found)}, expected a file`);
    if (found.size > limit) throw new SinapseError(`${path} has ${found.size} bytes, expected at most ${limit}`);
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || code === 'ENOENT' || code === 'ENOTDIR') throw error;
    throw unreadable(path, code);
  }
}

/** What stands where a file should. */
function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}

function unreadable(path: string, code: string | undefined): SinapseError {
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied; make it readable for you' : code;
  return new SinapseError(`cannot read ${path}: ${reason}`);
}

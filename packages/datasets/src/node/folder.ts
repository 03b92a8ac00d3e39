// Finds and reads files in the user's folder; errors say what is wrong with the folder.

import { SinapseError } from '@sinapse/core';
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Finds a file that may have one of several names, in one of several folders; the first match counts.
 * @param folders the folder that the user named, then further folders to search
 * @throws SinapseError when the folder is missing, is not a folder, or has no such file
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
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
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
 * @throws SinapseError when the path is not a regular file, or the file is too large or may not be read
 * @throws the file system's error when it is missing
 */
export async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    // A device such as /dev/zero never ends, and reading a pipe without a writer blocks for ever.
    if (!found.isFile()) throw new SinapseError(`${path} is a ${kindOf(found)}, expected a file`);
    if (found.size > limit) throw new SinapseError(`${path} has ${found.size} bytes, expected at most ${limit}`);
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || code === 'ENOENT' || code === 'ENOTDIR') throw error;
    throw unreadable(path, code);
  }
}

/** Names the kind of something that is not a regular file. */
function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}

function unreadable(path: string, code: string | undefined): SinapseError {
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied; make it readable for you' : code;
  return new SinapseError(`cannot read ${path}: ${reason}`);
}

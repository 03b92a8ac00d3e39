// Replaces a file so that at every moment, even if the power fails, either the complete old file or the complete new one exists.

import type { Check } from '@sinapse/core';
import { check, checkValue } from '@sinapse/core';
import { randomBytes } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TrainingError } from '../errors.ts';

/** The file operations used. A test can replace them with failing ones. */
export type FileOperations = Pick<typeof nodeFiles, 'open' | 'readdir' | 'rename' | 'unlink'>;

/** The check of a path. */
export const PATH: Check = { expected: 'the path of a file', accepts: (value) => typeof value === 'string' && value !== '' };

/** The temporary files that this process is writing. */
const writing = new Set<string>();

/**
 * Writes a temporary file in the same folder, flushes it to disk and renames it. If anything fails, the temporary file is removed and the
 * old file is unchanged. The next write removes a temporary file that a killed process left behind.
 * @throws TrainingError in one line, with the system's error as its cause
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array, files: FileOperations = nodeFiles): Promise<void> {
  checkValue('write: path', path, PATH);
  checkValue('write: bytes', bytes, check.bytes);
  const folder = dirname(path);
  const name = `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const temporary = join(folder, name);
  writing.add(name);
  try {
    await removeAbandoned(folder, basename(path), files);
    const file = await files.open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.unlink(temporary).catch(() => {}); // it may not exist
    throw new TrainingError(`write ${path}: ${writeProblem(error, bytes.length)}`, { cause: error });
  } finally {
    writing.delete(name);
  }
  await syncFolder(folder, files);
}

/** Removes temporary files of the same target whose process no longer runs. */
async function removeAbandoned(folder: string, target: string, files: FileOperations): Promise<void> {
  for (const name of await files.readdir(folder)) {
    if (!name.startsWith(`.${target}.`)) continue;
    const pid = /^(\d+)-[0-9a-f]{8}\.tmp$/.exec(name.slice(target.length + 2))?.[1];
    if (pid === undefined || writing.has(name) || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    await files.unlink(join(folder, name)).catch(() => {}); // another process may have removed it first
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only tests whether the process exists
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Flushes the folder, so that the rename survives a power failure. An error is ignored: the new file already has its name. */
async function syncFolder(folder: string, files: FileOperations): Promise<void> {
  try {
    const handle = await files.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some network file systems cannot flush a folder.
  }
}

/** Why a file cannot be written, in a few words. */
export function writeProblem(error: unknown, bytes: number): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `no space left for ${bytes} bytes; the old file, if there was one, is untouched`;
    case 'ENOENT':
      return 'there is no such folder';
    case 'ENOTDIR':
      return 'its folder is not a folder';
    case 'EEXIST':
      return 'there is a file of this name';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'it is not permitted';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** The system's code of an error, e.g. `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

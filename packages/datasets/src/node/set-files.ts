// The files of a published data set: from the user's folder, or downloaded once into the cache.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check } from '@sinapse/core';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Split } from '../digits/digits.ts';
import { SIGNAL } from '../pipeline/option-checks.ts';
import { cacheDirectory } from './cache-directory.ts';
import { downloadFile, verifiedContent } from './download.ts';
import type { DownloadProgress, RemoteFile } from './download.ts';
import { findFile, readBounded } from './folder.ts';
import { gunzipBounded } from './gunzip.ts';

/** Options of every data set that lies in files. */
export interface SetOptions {
  /** @default 'train' */
  readonly split?: Split;
  /** A folder that holds the files, compressed or not, itself or in a subfolder of the set's name. If given, nothing is downloaded. */
  readonly dir?: string;
  /** Whether a file that is not in the cache may be downloaded. @default true */
  readonly download?: boolean;
  /** Addresses of folders that hold the files, tried in order. */
  readonly mirrors?: readonly string[];
  /** Folder whose subfolder of the set's name keeps the downloads. @default cacheDirectory() */
  readonly cacheDir?: string;
  /** Stops a download; the received bytes are kept, and the next download continues them. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

const FOLDER: Check = { expected: 'the path of a folder', accepts: (value) => typeof value === 'string' && value !== '' };

/** The checks of the options. */
export const SET: OptionChecks<SetOptions> = {
  split: check.oneOf(['train', 'test']),
  dir: FOLDER,
  download: check.flag,
  mirrors: { expected: 'a list of addresses', accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string') },
  cacheDir: FOLDER,
  signal: SIGNAL,
  onProgress: check.callable,
};

/** Where the files of a set come from. */
export interface SetSource {
  /** Name of the set and of its folder. */
  readonly name: string;
  /** The files in words, for an advice: `the four MNIST files`. */
  readonly files: string;
  readonly mirrors: readonly string[];
}

/** A file's bytes, uncompressed, with its path for messages. */
export interface NamedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Runs the reading of a set; a mistake's message begins with the set's name.
 * @throws SinapseError that says what to do, when a file is missing, damaged, or cannot be downloaded
 */
export async function reading<T>(source: SetSource, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof SinapseError ? new SinapseError(`${source.name}: ${error.message}`, { cause: error }) : error;
  }
}

/** What to do when a set's files are not there. */
function adviceOf({ files }: SetSource): string {
  return `put ${files} in a folder DIR and pass --data-dir DIR (in code: dir)`;
}

/**
 * Reads one of several names of a file from the user's folder.
 * @param limit most bytes, also unpacked
 */
export async function fromFolder(
  source: SetSource,
  dir: string,
  names: readonly [string, ...string[]],
  limit: number,
  subfolders: readonly string[] = [source.name],
): Promise<NamedBytes> {
  const path = await findFile([dir, ...subfolders.map((name) => join(dir, name))], names, adviceOf(source));
  return { path, bytes: await gunzipBounded(await readBounded(path, limit), limit, path) };
}

/** Reads a file from the cache, after a download if it is not there. */
export async function fromCache(source: SetSource, file: RemoteFile, options: SetOptions): Promise<NamedBytes> {
  const { download = true, mirrors = source.mirrors, cacheDir = cacheDirectory(), signal, onProgress } = options;
  const directory = join(cacheDir, source.name);
  const path = join(directory, file.name);
  const advice = adviceOf(source);
  const kept = await readKept(path, file);
  if (kept !== undefined) return { path, bytes: kept };
  if (!download) throw new SinapseError(`${path} is not there or damaged, and downloading is off; ${advice}`);
  try {
    return { path, bytes: await downloadFile(file, { directory, mirrors, signal, onProgress }) };
  } catch (error) {
    if (error instanceof SinapseError) throw new SinapseError(`${error.message}; ${advice}`);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined || signal?.aborted) throw error;
    throw new SinapseError(`cannot write in ${directory} (${code}); set SINAPSE_CACHE to a folder that you can write, or ${advice}`);
  }
}

/** The verified content of a file in the cache; a damaged one is deleted. */
async function readKept(path: string, file: RemoteFile): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, 2 * file.size);
  } catch (error) {
    if (error instanceof SinapseError) throw error;
    return undefined; // not there
  }
  const content = await verifiedContent(bytes, file, path).catch(() => undefined);
  if (content === undefined) await rm(path, { force: true });
  return content;
}

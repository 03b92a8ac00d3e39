// A cache's elements on disk, for the next run. They are appended to one file, each with its place, its length and a checksum; what a killed process
// left half written is cut off when the file is opened again.

import { SinapseError, checkValue } from '@sinapse/core';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CacheStore } from '../pipeline/cache.ts';

/** A store on disk; `close` ends its use. */
export interface DiskStore<T> extends CacheStore<T> {
  close(): Promise<void>;
}

/** A record's head: its place (or the number of elements, with -1), its length, and the start of its SHA-256. */
const HEAD = 16;
const END = 0xffffffff;
const CHUNK = 2 ** 20;

/**
 * Opens a store in a folder. Elements are values that structured cloning takes: numbers, texts, lists, records, typed arrays.
 * @param key says what the elements are made of: another key is another store. Put in it what changes them: the version of a program, its settings
 * @throws SinapseError when another process uses the store; the file system's error
 * @example
 * const spectrograms = sounds.map(spectrogramOf).cache(await diskStore('./cache', 'spectrograms of 256 samples, 1'));
 */
export async function diskStore<T>(folder: string, key: string): Promise<DiskStore<T>> {
  checkValue('diskStore: folder', folder, {
    expected: 'the path of a folder',
    accepts: (value) => typeof value === 'string' && value !== '',
  });
  checkValue('diskStore: key', key, { expected: 'a text', accepts: (value) => typeof value === 'string' && value !== '' });
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.elements`);
  const lock = await takeLock(`${path}.lock`);
  const file = await open(path, 'a+');
  const places = new Map<number, { at: number; length: number }>();
  let { end, total } = await scan(file, places);
  await file.truncate(end);
  /** Writes go one after the other. */
  let writing: Promise<void> = Promise.resolve();
  const append = (place: number, bytes: Uint8Array): Promise<void> => {
    const write = writing.then(async () => {
      await file.appendFile(record(place, bytes));
      if (place !== END) places.set(place, { at: end + HEAD, length: bytes.length });
      end += HEAD + bytes.length;
    });
    writing = write.catch(() => undefined);
    return write;
  };
  return {
    async get(index) {
      const found = places.get(index);
      if (found === undefined) return undefined;
      const bytes = Buffer.alloc(found.length);
      await file.read(bytes, 0, found.length, found.at);
      return deserialize(bytes) as T;
    },
    async set(index, element) {
      if (!places.has(index)) await append(index, serialize(element));
    },
    getLength: () => total,
    async setLength(length) {
      if (total === undefined) await append(END, serialize((total = length)));
    },
    async close() {
      await writing;
      await file.close();
      await lock();
    },
  };
}

function record(place: number, bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(HEAD + bytes.length);
  out.writeUInt32LE(place, 0);
  out.writeUInt32LE(bytes.length, 4);
  out.set(sumOf(place, bytes), 8);
  out.set(bytes, HEAD);
  return out;
}

/** The start of the SHA-256 of a place and its bytes. */
function sumOf(place: number, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(Uint32Array.of(place)).update(bytes).digest().subarray(0, 8);
}

/** Reads the whole records of a file; what follows them is not used. */
async function scan(
  file: FileHandle,
  places: Map<number, { at: number; length: number }>,
): Promise<{ end: number; total: number | undefined }> {
  const { size } = await file.stat();
  let end = 0;
  let total: number | undefined;
  let buffer = Buffer.alloc(CHUNK);
  while (end + HEAD <= size) {
    await file.read(buffer, 0, HEAD, end);
    const [place, length] = [buffer.readUInt32LE(0), buffer.readUInt32LE(4)];
    const sum = Buffer.from(buffer.subarray(8, HEAD));
    if (end + HEAD + length > size) break;
    if (length > buffer.length) buffer = Buffer.alloc(length);
    const bytes = buffer.subarray(0, length);
    await file.read(bytes, 0, length, end + HEAD);
    if (!sumOf(place, bytes).equals(sum)) break;
    if (place === END) total = deserialize(bytes) as number;
    else places.set(place, { at: end + HEAD, length });
    end += HEAD + length;
  }
  return { end, total };
}

/** Marks a file as used by this process; gives the function that ends it. A mark that a dead process left is taken over. */
async function takeLock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number((await readFile(path, 'utf8').catch(() => '')) || NaN);
      if (attempt > 2 || (owner !== process.pid && isRunning(owner)) || owner === process.pid)
        throw new SinapseError(
          `diskStore: ${path.replace(/\.lock$/, '')} is in use${owner > 0 ? ` by process ${owner}` : ''}; close it first`,
        );
      await rm(path, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0); // signal 0 asks only whether the process exists
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

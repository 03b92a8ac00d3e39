// A download in progress is a separate file in the same folder, `<name>.<source>.<owner>.part`:
//   - only a complete, verified file has the finished name, because it gets that name by a rename;
//   - two processes never write to one file: the name contains the owner (machine, process, number), and a process takes over another's
//     file by a rename, which only one process can win;
//   - only bytes of the same source are appended: the name contains the address and the version (ETag).

import { createHash } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A part file that this process is writing. */
export interface PartialFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Bytes that the file already held; more are appended. */
  readonly size: number;
  /** Fingerprint of the ETag that the bytes belong to. */
  readonly version: string;
}

/** An ETag or an address as a short word for a file name. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

const MACHINE = fingerprint(hostname());
/** The owner of a part file that a failed download closed properly: nobody. */
const FREE = 'free';
/** A part file of another machine (in a shared home folder) counts as abandoned after so long without growth. */
const ABANDONED_MS = 120_000;

/** The part files this process is writing now. */
const writing = new Set<string>();
let created = 0;

function newPath(directory: string, name: string, url: string, version: string): string {
  return join(directory, `${name}.${fingerprint(url)}-${version}.${MACHINE}-${process.pid}-${created++}.part`);
}

/** Begins an empty part file. */
export async function createPart(directory: string, name: string, url: string, version: string): Promise<PartialFile> {
  const path = newPath(directory, name, url, version);
  writing.add(path);
  try {
    return { path, handle: await open(path, 'ax'), size: 0, version };
  } catch (error) {
    writing.delete(path);
    throw error;
  }
}

/** Takes over the part file that an earlier download from the same address left, if there is one. */
export async function claimPart(directory: string, name: string, url: string): Promise<PartialFile | undefined> {
  for (const part of await abandonedParts(directory, name)) {
    if (part.source !== fingerprint(url)) continue;
    const path = newPath(directory, name, url, part.version);
    writing.add(path);
    try {
      await rename(part.path, path);
      const handle = await open(path, 'a');
      return { path, handle, size: (await handle.stat()).size, version: part.version };
    } catch {
      writing.delete(path); // another process was faster
    }
  }
  return undefined;
}

/** Closes a part file and leaves it for a later download to continue. */
export async function releasePart(part: PartialFile, directory: string, name: string, url: string): Promise<void> {
  await part.handle.close();
  await rename(part.path, join(directory, `${name}.${fingerprint(url)}-${part.version}.${FREE}.part`)).finally(() =>
    writing.delete(part.path),
  );
}

/** Closes and deletes a part file. */
export async function dropPart(part: PartialFile): Promise<void> {
  await part.handle.close();
  await rm(part.path, { force: true }).finally(() => writing.delete(part.path));
}

/** Closes a complete part file and gives it the finished name; an existing file is replaced. */
export async function finishPart(part: PartialFile, directory: string, name: string): Promise<void> {
  await part.handle.sync();
  await part.handle.close();
  await rename(part.path, join(directory, name)).finally(() => writing.delete(part.path));
}

/** Deletes the abandoned part files of a file, which nobody needs once the file is complete. */
export async function removeAbandonedParts(directory: string, name: string): Promise<void> {
  for (const { path } of await abandonedParts(directory, name)) await rm(path, { force: true });
}

interface AbandonedPart {
  readonly path: string;
  readonly source: string;
  readonly version: string;
}

async function abandonedParts(directory: string, name: string): Promise<AbandonedPart[]> {
  const parts: AbandonedPart[] = [];
  for (const file of await readdir(directory)) {
    if (!file.startsWith(`${name}.`)) continue;
    const match = /^([0-9a-f]{8})-([0-9a-f]{8})\.(free|[0-9a-f]{8}-\d+-\d+)\.part$/.exec(file.slice(name.length + 1));
    if (match === null) continue;
    const [, source, version, owner] = match as unknown as [string, string, string, string];
    const path = join(directory, file);
    if (await isAbandoned(path, owner)) parts.push({ path, source, version });
  }
  return parts;
}

async function isAbandoned(path: string, owner: string): Promise<boolean> {
  if (owner === FREE) return true;
  const [machine, pid] = owner.split('-');
  if (machine === MACHINE) return Number(pid) === process.pid ? !writing.has(path) : !isRunning(Number(pid));
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 asks only whether the process exists
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

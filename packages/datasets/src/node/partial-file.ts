// A download in progress is a file of its own beside the finished one, `<name>.<source>.<owner>.part`, so that
//   - the finished name only ever stands for a complete, verified file (it gets there by a rename);
//   - two processes never write to one file: the owner (machine, process, number) is part of the name, and to take over what another left
//     is a rename, which only one of them wins;
//   - bytes are continued only with bytes of the same source: the name says which address and which version (ETag) they are from.

import { createHash } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A part file that this process is writing. */
export interface PartialFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Bytes that were there before; more are appended. */
  readonly size: number;
  /** Of the ETag the bytes belong to. */
  readonly version: string;
}

/** An ETag, or an address, as a short word that can stand in a file name. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

const MACHINE = fingerprint(hostname());
/** Nobody: left in good order by a download that failed. */
const FREE = 'free';
/** A part file of another machine (a shared home folder) is abandoned when it has not grown for this long. */
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

/** Takes over what an earlier download from the same address left, if anything. */
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

/** Closes a complete part file and gives it the finished name, in place of what stood there. */
export async function finishPart(part: PartialFile, directory: string, name: string): Promise<void> {
  await part.handle.sync();
  await part.handle.close();
  await rename(part.path, join(directory, name)).finally(() => writing.delete(part.path));
}

/** Deletes what other downloads of a file left: once it is there, nobody needs them. */
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

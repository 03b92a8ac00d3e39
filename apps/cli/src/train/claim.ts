// Claims a run folder for one training. The claim is a file that names the process; that of a process that died is taken over.

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Tells this claim from every other one. */
  readonly id: string;
}

/** Says that another training writes to the folder. */
class ClaimError extends Error {
  override name = 'ClaimError';
}

/** The name of the file in a run folder. */
export const claimFile = 'training.lock';

export interface Claim {
  /** Gives the folder up; without it, the end of the process does. */
  release(): Promise<void>;
}

/**
 * Claims an existing folder.
 * @throws ClaimError when another training holds it; an error of the file system
 */
export async function claimFolder(folder: string): Promise<Claim> {
  const file = join(folder, claimFile);
  const holder: Holder = { pid: process.pid, host: hostname(), id: randomUUID() };
  const text = `${JSON.stringify(holder)}\n`;
  for (;;) {
    if (await createdNew(file, text)) break;
    const before = await holderOf(file);
    if (before === undefined) continue; // it was given up in this moment
    if (isAlive(before)) throw new ClaimError(`${folder}: another training writes there (${inWords(before)}); choose another --out`);
    if (await takenOver(file, before, text)) break;
  }
  const atExit = () => rmSync(file, { force: true });
  process.once('exit', atExit);
  return {
    async release() {
      process.off('exit', atExit);
      await rm(file, { force: true });
    },
  };
}

/** Creates a file; false when there is one. */
async function createdNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(file, { force: true }).catch(() => {}); // a full disk leaves an empty file
    throw error;
  }
}

/** Who holds a claim: undefined when there is none, process 0 when it is not written yet or unreadable. */
async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { pid, host, id } = JSON.parse(text) as Partial<Holder>;
    if (Number.isSafeInteger(pid) && typeof host === 'string' && typeof id === 'string' && /^[\w-]+$/.test(id))
      return { pid: pid!, host, id };
  } catch {
    // Its process has made the file, and is about to write it; or somebody edited it.
  }
  return { pid: 0, host: hostname(), id: 'unknown' };
}

/** Whether a holder may still be writing. Of a process on another machine nothing is known. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname() || pid < 1) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Replaces the claim of a dead process; false when another process was quicker. Of all that try, only the one that creates the file named
 * after the dead claim may replace it, and only if it has not been replaced since.
 */
async function takenOver(file: string, dead: Holder, text: string): Promise<boolean> {
  const next = `${file}.${dead.id}`;
  if (!(await createdNew(next, text)))
    throw new ClaimError(`${file} of an ended training is being taken over by another; if that is not so, delete it and ${next}`);
  if ((await holderOf(file))?.id !== dead.id) {
    await rm(next, { force: true });
    return false;
  }
  await rename(next, file);
  return true;
}

function inWords({ pid, host }: Holder): string {
  if (pid < 1) return `if none does, delete ${claimFile} there`;
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}; if it has ended, delete ${claimFile} there`;
}

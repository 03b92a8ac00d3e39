// The folder that keeps a training. It is made with the first checkpoint; a training that fails earlier leaves nothing.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadCheckpoint, saveCheckpoint, writeFileAtomic } from '@sinapse/training/node';
import type { Checkpoint } from '@sinapse/training';
import { readInput } from '../input-file.ts';
import { UsageError } from '../usage-error.ts';
import { claimFolder } from './claim.ts';
import type { Claim } from './claim.ts';
import { SettingsError, parseSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** Says that a run folder cannot be used as asked. */
export class RunFolderError extends Error {
  override name = 'RunFolderError';
}

export class RunFolder {
  private current: string;
  private readonly kind: 'existing' | 'given' | 'chosen';
  /** The outermost folder that this run created. */
  private created: string | undefined;
  private prepared = false;
  private held: Claim | undefined;
  /** Number of training steps in the checkpoint; undefined while there is none. */
  private steps: number | undefined;

  /** @param kind `existing`: holds a run to resume; `given`: new, named by the user; `chosen`: new, we may choose another */
  constructor(path: string, kind: 'existing' | 'given' | 'chosen') {
    this.current = path;
    this.kind = kind;
  }

  /** The path as it was given, for messages. */
  get path(): string {
    return this.current;
  }

  get model(): string {
    return join(this.path, 'model.safetensors');
  }

  get checkpoint(): string {
    return join(this.path, 'checkpoint.safetensors');
  }

  get config(): string {
    return join(this.path, 'config.json');
  }

  private get history(): string {
    return join(this.path, 'history.jsonl');
  }

  /** A test image to try the model with; only a quick start has it. */
  get sample(): string {
    return join(this.path, 'sample.png');
  }

  /** Checks before a long training that its result can be saved. */
  async checkWritable(): Promise<void> {
    await checkFolder(this.path);
    for (const file of [this.config, this.checkpoint, this.history, this.model, this.sample]) {
      const found = await stat(file).catch(() => undefined);
      if (found?.isDirectory())
        throw new RunFolderError(`--out ${this.path}: ${file} is a folder, but a file is to be written there; choose another --out`);
    }
  }

  get holdsRun(): boolean {
    return existsSync(this.model) || existsSync(this.checkpoint);
  }

  /**
   * Loads the settings and the state of a run to resume, and claims its folder.
   * @param check throws when the settings contain an unknown name
   */
  async load(check: (settings: Settings) => void): Promise<{ settings: Settings; checkpoint: Checkpoint }> {
    if (!existsSync(this.path))
      throw new RunFolderError(`${this.path} does not exist: there is no run to resume; leave --resume out to begin one`);
    if (!existsSync(this.checkpoint))
      throw new RunFolderError(`${this.path} holds no checkpoint: there is no run to resume; leave --resume out to begin one`);
    this.held = await claimFolder(this.path);
    try {
      const settings = this.readSettings((await readInput(this.config)).toString('utf8'), check);
      const checkpoint = await loadCheckpoint(this.checkpoint);
      this.steps = checkpoint.globalStep;
      return { settings, checkpoint };
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /** The checkpoint that this run saved last, or was loaded with; undefined while there is none. */
  async lastCheckpoint(): Promise<Checkpoint | undefined> {
    return this.steps === undefined ? undefined : loadCheckpoint(this.checkpoint);
  }

  /** Says what is left of a failed training. */
  get remains(): string {
    if (this.steps === undefined) return 'nothing was saved yet';
    return `the last good state${this.steps === 0 ? ', that before the first step,' : ''} is in ${this.checkpoint}`;
  }

  private readSettings(text: string, check: (settings: Settings) => void): Settings {
    try {
      const settings = parseSettings(text);
      check(settings);
      return settings;
    } catch (error) {
      if (!(error instanceof SettingsError || error instanceof UsageError)) throw error;
      throw new RunFolderError(`${this.config}: ${error.message} (mend it there, or begin a new run in another --out)`, { cause: error });
    }
  }

  /** Saves a checkpoint; the first time also the folder and all that resuming needs. */
  async save(checkpoint: Checkpoint, settings: Settings): Promise<void> {
    if (!this.prepared) {
      if (this.kind !== 'existing') await this.claim();
      await this.write(this.config, `${JSON.stringify(settings, null, 2)}\n`);
      this.prepared = true;
    }
    await saveCheckpoint(this.checkpoint, checkpoint);
    this.steps = checkpoint.globalStep;
    await this.write(this.history, checkpoint.history.map((result) => `${JSON.stringify(result)}\n`).join(''));
  }

  /** Makes the folder, for a training that saves nothing before its end. */
  async begin(): Promise<void> {
    await this.claim();
  }

  /** Makes the folder and claims it, which another training may have done since it was checked. */
  private async claim(): Promise<void> {
    const parent = await mkdir(dirname(this.path), { recursive: true });
    for (;;) {
      try {
        await mkdir(this.path);
        this.created = parent ?? this.path;
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (this.kind === 'given') break;
        this.current = freePath(this.path);
      }
    }
    this.held = await claimFolder(this.path);
    if (this.holdsRun) throw new RunFolderError(`${this.path}: another training has written there meanwhile; choose another --out`);
  }

  /** Lets other trainings write to the folder. */
  async release(): Promise<void> {
    await this.held?.release();
    this.held = undefined;
  }

  private async write(path: string, text: string): Promise<void> {
    await writeFileAtomic(path, new TextEncoder().encode(text));
  }

  /** After a failure, removes all files of a run that was never saved. */
  async removeRemains(): Promise<void> {
    if (this.holdsRun || this.kind === 'existing') return;
    // The files are ours only if the folder was: otherwise they belong to the training that holds it.
    if (this.held !== undefined) await Promise.all([this.config, this.history].map((path) => rm(path, { force: true })));
    await this.release();
    if (this.created === undefined) return;
    const last = resolve(dirname(this.created));
    for (let folder = resolve(this.path); folder !== last; folder = dirname(folder)) {
      await rmdir(folder).catch(() => {}); // not empty: it holds another program's files
    }
  }
}

/**
 * The folder for a new run, checked before any work is done. A given folder must not hold a run. Without one, it is `runs/<data set>`,
 * or the first of `runs/<data set>-2`, `-3` … that does not exist.
 * @throws RunFolderError
 */
export async function newRunFolder(given: string | undefined, dataset: string): Promise<RunFolder> {
  const folder = given === undefined ? new RunFolder(freePath(join('runs', dataset)), 'chosen') : new RunFolder(given, 'given');
  await folder.checkWritable();
  if (folder.holdsRun) throw new RunFolderError(`${folder.path} already holds a run: continue it with --resume, or choose another --out`);
  return folder;
}

/** The folder of a run to resume. */
export async function existingRunFolder(given: string | undefined): Promise<RunFolder> {
  if (given === undefined) throw new UsageError('say which run to resume: --resume --out runs/mnist');
  const folder = new RunFolder(given, 'existing');
  await folder.checkWritable();
  return folder;
}

/** The path itself, or the first with `-2`, `-3` … that does not exist. */
export function freePath(path: string): string {
  const base = path.replace(/-\d+$/, '');
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    if (!existsSync(candidate)) return candidate;
  }
}

/** Throws unless files can be made in a folder or, if it does not exist, in its nearest existing parent. */
export async function checkFolder(path: string): Promise<void> {
  let existing = resolve(path);
  for (;;) {
    try {
      const found = await stat(existing);
      if (!found.isDirectory())
        throw new RunFolderError(`--out ${path}: ${existing === resolve(path) ? 'it' : existing} is a file, but a folder is needed`);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
      existing = dirname(existing);
    }
  }
  try {
    // Only trying shows it: there are read-only disks, quotas, and folders that take no files.
    await rmdir(await mkdtemp(join(existing, '.sinapse-')));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = ['EACCES', 'EPERM'].includes(code) ? 'no permission to write in' : `cannot write (${code}) in`;
    throw new RunFolderError(`--out ${path}: ${why} ${existing}; choose another --out`, { cause: error });
  }
}

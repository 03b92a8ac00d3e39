// Where a training is kept. The folder is made when there is something to put in, and a training that fails before that leaves nothing.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadCheckpoint, saveCheckpoint, writeFileAtomic } from '@sinapse/training/node';
import type { Checkpoint } from '@sinapse/training';
import { readInput } from '../input-file.ts';
import { UsageError } from '../usage-error.ts';
import { SettingsError, parseSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** A run folder that cannot be used as it is asked for. */
class RunFolderError extends Error {
  override name = 'RunFolderError';
}

export class RunFolder {
  private current: string;
  private readonly kind: 'existing' | 'given' | 'chosen';
  /** The outermost folder that did not exist before. */
  private created: string | undefined;
  private prepared = false;
  /** How many steps of training are in the checkpoint; undefined while there is none. */
  private steps: number | undefined;

  /** @param kind of a run that goes on, given for a new one, or chosen by us: then another one is as good */
  constructor(path: string, kind: 'existing' | 'given' | 'chosen') {
    this.current = path;
    this.kind = kind;
  }

  /** As it was given: what messages say. */
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

  /** A test image to try the model with; of a quick start only. */
  get sample(): string {
    return join(this.path, 'sample.png');
  }

  /** Training takes long: it is better to know beforehand that its result cannot be kept. */
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
   * The settings and the state of a run that is to go on.
   * @param check throws when there is nothing of a name that the settings give
   */
  async load(check: (settings: Settings) => void): Promise<{ settings: Settings; checkpoint: Checkpoint }> {
    if (!existsSync(this.path))
      throw new RunFolderError(`${this.path} does not exist: there is no run to resume; leave --resume out to begin one`);
    if (!existsSync(this.checkpoint))
      throw new RunFolderError(`${this.path} holds no checkpoint: there is no run to resume; leave --resume out to begin one`);
    const settings = this.readSettings((await readInput(this.config)).toString('utf8'), check);
    const checkpoint = await loadCheckpoint(this.checkpoint);
    this.steps = checkpoint.globalStep;
    return { settings, checkpoint };
  }

  /** What is left of a training that failed, in words. */
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

  /** Saves where the training stands; with the first checkpoint comes all that is needed to resume. */
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

  /** Makes the folder. Another training may have taken it since it was looked at. */
  private async claim(): Promise<void> {
    const parent = await mkdir(dirname(this.path), { recursive: true });
    for (;;) {
      try {
        await mkdir(this.path);
        this.created = parent ?? this.path;
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (this.kind === 'chosen') this.current = freePath(this.path);
        else if (this.holdsRun) throw new RunFolderError(`${this.path}: another training has begun to write there; choose another --out`);
        else return;
      }
    }
  }

  private async write(path: string, text: string): Promise<void> {
    await writeFileAtomic(path, new TextEncoder().encode(text));
  }

  /** After a failure: nothing stays of a run that was never saved. */
  async removeRemains(): Promise<void> {
    if (this.holdsRun || this.kind === 'existing') return;
    if (this.created !== undefined || this.prepared)
      await Promise.all([this.config, this.history].map((path) => rm(path, { force: true })));
    if (this.created === undefined) return;
    const last = resolve(dirname(this.created));
    for (let folder = resolve(this.path); folder !== last; folder = dirname(folder)) {
      await rmdir(folder).catch(() => {}); // not empty: somebody else's
    }
  }
}

/**
 * The folder for a new run, checked before any work is done. A given one must not hold a run already; without one it is
 * `runs/<data set>`, or the first of `runs/<data set>-2`, `-3` … that is free.
 * @throws RunFolderError
 */
export async function newRunFolder(given: string | undefined, dataset: string): Promise<RunFolder> {
  const folder = given === undefined ? new RunFolder(freePath(join('runs', dataset)), 'chosen') : new RunFolder(given, 'given');
  await folder.checkWritable();
  if (folder.holdsRun) throw new RunFolderError(`${folder.path} already holds a run: continue it with --resume, or choose another --out`);
  return folder;
}

/** The folder of a run that is to go on. */
export async function existingRunFolder(given: string | undefined): Promise<RunFolder> {
  if (given === undefined) throw new UsageError('say which run to resume: --resume --out runs/mnist');
  const folder = new RunFolder(given, 'existing');
  await folder.checkWritable();
  return folder;
}

/** The path itself, or the first with `-2`, `-3` … that does not exist. */
function freePath(path: string): string {
  const base = path.replace(/-\d+$/, '');
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    if (!existsSync(candidate)) return candidate;
  }
}

/** Whether files can be made in a folder, or in what there is of the way to it. */
async function checkFolder(path: string): Promise<void> {
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
    // Trying is the only way to know: there are read-only disks, quotas, and folders that are not for files.
    await rmdir(await mkdtemp(join(existing, '.sinapse-')));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = ['EACCES', 'EPERM'].includes(code) ? 'no permission to write in' : `cannot write (${code}) in`;
    throw new RunFolderError(`--out ${path}: ${why} ${existing}; choose another --out`, { cause: error });
  }
}

// The run folder of a training on a person's own data.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint, saveCheckpoint, writeFileAtomic } from '@sinapse/training/node';
import type { Checkpoint } from '@sinapse/training';
import { readInput } from '../input-file.ts';
import { claimFolder } from '../train/claim.ts';
import type { Claim } from '../train/claim.ts';
import { RunFolderError, checkFolder, freePath } from '../train/run-folder.ts';
import type { ChosenSettings } from './auto-settings.ts';
import { formatConfig, parseConfig } from './auto-settings.ts';

/** The name of the settings' file, by which a run of this kind is known. */
export const configFile = 'config.yaml';

export class AutoFolder {
  readonly path: string;
  private claim: Claim | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * A place for a new run; nothing is written yet.
   * @param given the person's choice; without it, `runs/NAME` or the next free one
   * @throws RunFolderError when it holds a run, or cannot be written
   */
  static async forNew(given: string | undefined, name: string): Promise<AutoFolder> {
    const folder = new AutoFolder(given ?? freePath(join('runs', name)));
    await checkFolder(folder.path);
    for (const file of [configFile, 'config.json', 'model.safetensors'])
      if (existsSync(folder.file(file)))
        throw new RunFolderError(`${folder.path} already holds a run: continue it with --resume, or choose another --out`);
    return folder;
  }

  /** A run to go on with, claimed. @throws RunFolderError when another training holds it; SinapseError when its settings are wrong */
  static async forResumed(path: string): Promise<{ readonly folder: AutoFolder; readonly settings: ChosenSettings }> {
    const folder = new AutoFolder(path);
    const file = folder.file(configFile);
    const settings = parseConfig((await readInput(file)).toString('utf8'), file) as ChosenSettings;
    const missing = (['model', 'epochs', 'batchSize', 'optimizer', 'learningRate', 'schedule', 'patience', 'seed'] as const).find((name) => settings[name] === undefined); // prettier-ignore
    if (missing !== undefined) throw new RunFolderError(`${file}: ${missing} is missing; begin a new run with --config ${file}`);
    await checkFolder(path);
    folder.claim = await claimFolder(path);
    return { folder, settings };
  }

  file(name: string): string {
    return join(this.path, name);
  }

  get model(): string {
    return this.file('model.safetensors');
  }

  /** Makes the folder, claims it, and keeps the settings in it. */
  async begin(settings: ChosenSettings): Promise<void> {
    await mkdir(this.path, { recursive: true });
    this.claim = await claimFolder(this.path);
    await this.write(configFile, formatConfig(settings));
  }

  async write(name: string, text: string): Promise<void> {
    await writeFileAtomic(this.file(name), new TextEncoder().encode(text));
  }

  async saveCheckpoint(name: string, checkpoint: Checkpoint): Promise<void> {
    await saveCheckpoint(this.file(name), checkpoint);
  }

  /** The checkpoint of that name; undefined if there is none. */
  async checkpoint(name: string): Promise<Checkpoint | undefined> {
    return existsSync(this.file(name)) ? loadCheckpoint(this.file(name)) : undefined;
  }

  /** Lets other trainings write to the folder. */
  async release(): Promise<void> {
    await this.claim?.release();
    this.claim = undefined;
  }
}

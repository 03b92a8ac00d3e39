// Keeps the last checkpoints of a training and the best one in a folder.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Callback } from '../callback.ts';
import { checkpointing } from '../callbacks/checkpointing.ts';
import type { Monitor } from '../callbacks/monitor.ts';
import { Best, MONITOR } from '../callbacks/monitor.ts';
import { encodeCheckpoint } from '../checkpoint/file.ts';
import { TrainingError } from '../errors.ts';
import { PATH, codeOf, writeFileAtomic, writeProblem } from './write-file-atomic.ts';

export interface CheckpointFolderOptions {
  /** How many of the last checkpoints stay; an integer of at least 1. Default 1. */
  readonly keep?: number;
  /** Also saves each time this many steps are done; an integer of at least 1. Default: after epochs only. */
  readonly everySteps?: number;
  /** The number by which `best.checkpoint` is chosen. Default `valLoss` if the training has a validation; without, there is no best one. */
  readonly monitor?: Monitor;
}

const OPTIONS: OptionChecks<CheckpointFolderOptions> = { keep: check.count, everySteps: check.count, monitor: MONITOR };
const FOLDER = { ...PATH, expected: 'the path of a folder' };

/**
 * A callback that saves checkpoints into a folder, which it makes if there is none: `step-000001500.checkpoint` as `checkpointing` does, of
 * which the last few stay, and `best.checkpoint` of the epoch that was best. An older one is removed when the newer is complete. To go on:
 * `resume: await loadCheckpoint(await lastCheckpoint(folder))`.
 * @throws SinapseError when the folder is none or an option unknown; in use TrainingError in one line when a new training finds checkpoints in
 *   the folder, or a file cannot be written
 */
export function checkpointFolder(folder: string, options: CheckpointFolderOptions = {}): Callback {
  checkValue('checkpointFolder: folder', folder, FOLDER);
  checkOptions('checkpointFolder', options, OPTIONS);
  const { keep = 1, everySteps, monitor } = options;
  let best: Best | undefined;
  let last: Uint8Array = new Uint8Array();

  const saving = checkpointing({
    ...(everySteps !== undefined && { everySteps }),
    async save(checkpoint) {
      last = encodeCheckpoint(checkpoint);
      const name = nameAfter(checkpoint.globalStep);
      await writeFileAtomic(join(folder, name), last);
      const names = await checkpointsIn(folder);
      // Those of later steps are of a training that this one does not go on with.
      const others = names.filter((other) => other > name || names.indexOf(other) <= names.indexOf(name) - keep);
      for (const other of others) await unlink(join(folder, other)).catch(() => {}); // one more file does no harm
    },
  });

  return {
    ...saving,
    async onStart(session) {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw new TrainingError(`write ${folder}: ${writeProblem(error, 0)}`, { cause: error });
      });
      const names = await checkpointsIn(folder);
      if (session.globalStep === 0 && names.some((name) => name > nameAfter(0)))
        throw new TrainingError(
          `checkpointFolder: ${folder} holds the checkpoints of another training, ${names.at(-1)}; resume it, or choose another folder`,
        );
      const chosen = monitor ?? (session.history.every(({ valLoss }) => valLoss !== undefined) ? 'valLoss' : undefined);
      best = chosen === undefined ? undefined : new Best('checkpointFolder', chosen, 0);
      for (const result of session.history) best?.isBetter(result);
      await saving.onStart!(session);
    },
    async onEpoch(result, session) {
      await saving.onEpoch!(result, session);
      if (monitor === undefined && result.valLoss === undefined) return;
      if (best?.isBetter(result) === true) await writeFileAtomic(join(folder, 'best.checkpoint'), last);
    },
  };
}

/**
 * The path of the last checkpoint in a folder of `checkpointFolder`; undefined if there is none, or no folder.
 * @throws TrainingError when the folder cannot be read
 */
export async function lastCheckpoint(folder: string): Promise<string | undefined> {
  checkValue('lastCheckpoint: folder', folder, FOLDER);
  const name = (await checkpointsIn(folder)).at(-1);
  return name === undefined ? undefined : join(folder, name);
}

function nameAfter(globalStep: number): string {
  return `step-${String(globalStep).padStart(9, '0')}.checkpoint`;
}

/** The names of the checkpoints, those of the first steps first. */
async function checkpointsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^step-\d{9,}\.checkpoint$/.test(name)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new TrainingError(`read ${folder}: ${codeOf(error) === 'ENOTDIR' ? 'it is no folder' : writeProblem(error, 0)}`, {
      cause: error,
    });
  }
}

// From a command line to a plan, before any work is done: a new training or a resumed one, and its folder.

import { optimizerNames } from '@sinapse/optimizers';
import type { Checkpoint } from '@sinapse/training';
import { modelNames } from '@sinapse/zoo';
import { checkBackend, unknownName } from '../backend-choice.ts';
import { checkDataset } from '../data.ts';
import { asTyped } from '../invocation.ts';
import { checkModelOptions } from '../model-options.ts';
import { note } from '../output/note.ts';
import { plural } from '../output/numbers.ts';
import { UsageError } from '../usage-error.ts';
import { existingRunFolder, newRunFolder } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';
import { scheduleNames } from './schedule.ts';
import { newSettings, resumedSettings } from './settings.ts';
import type { GivenSettings, Settings } from './settings.ts';

/** A training about to begin or to be resumed. */
export interface Plan {
  readonly settings: Settings;
  readonly folder: RunFolder;
  readonly checkpoint?: Checkpoint;
  readonly quickStart: boolean;
}

export async function planNew(out: string | undefined, given: GivenSettings, quickStart: boolean): Promise<Plan> {
  const settings = newSettings(given, { quickStart });
  checkNames(settings);
  return { settings, folder: await newRunFolder(out, settings.dataset), quickStart };
}

export async function planResumed(out: string | undefined, given: GivenSettings): Promise<Plan> {
  const folder = await existingRunFolder(out);
  const { settings: saved, checkpoint } = await folder.load(checkNames);
  try {
    const settings = resumedSettings(saved, given, folder.path);
    checkEpochs(settings, given, checkpoint, folder);
    return { settings, folder, checkpoint, quickStart: false };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** @throws UsageError when the run has done more epochs than are wanted; a finished run gets a note on how to go on */
function checkEpochs(settings: Settings, given: GivenSettings, { history }: Checkpoint, folder: RunFolder): void {
  const done = history.length;
  if (settings.epochs < done) {
    const where = given.epochs === undefined ? `${folder.config}: epochs` : '--epochs';
    throw new UsageError(`${where} ${settings.epochs} is too few: the run in ${folder.path} has done ${plural(done, 'epoch')}`);
  }
  if (done === settings.epochs) {
    const more = asTyped(['train', '--resume', '--out', folder.path, '--epochs', String(done * 2)]);
    note(`${folder.path} is finished after ${plural(done, 'epoch')}; here is its result again. To go on: ${more}`);
  }
}

/** @throws UsageError that names the nearest known name, or the values that an option of the model takes */
function checkNames({ model, modelOptions = {}, dataset, optimizer, schedule, backend }: Settings): void {
  if (!(modelNames as readonly string[]).includes(model)) throw new UsageError(unknownName('model', model, modelNames));
  checkModelOptions(model, modelOptions);
  checkDataset(dataset);
  checkTrainingNames({ optimizer, schedule, backend });
}

/** @throws UsageError that names the nearest known name */
export function checkTrainingNames({ optimizer, schedule, backend }: Pick<Settings, 'optimizer' | 'schedule' | 'backend'>): void {
  if (!(optimizerNames as readonly string[]).includes(optimizer)) throw new UsageError(unknownName('optimizer', optimizer, optimizerNames));
  if (!scheduleNames.includes(schedule)) throw new UsageError(unknownName('schedule', schedule, scheduleNames));
  checkBackend(backend);
}

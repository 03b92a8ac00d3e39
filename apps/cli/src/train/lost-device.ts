// What becomes of a training whose device is lost or out of memory.

import { BackendLostError, OutOfMemoryError } from '@sinapse/core';
import { TrainingError } from '@sinapse/training';
import { BackendUnavailable } from '../backends/unavailable.ts';
import { failureLine } from '../failure.ts';
import { asTyped } from '../invocation.ts';
import { note } from '../output/note.ts';
import { plural } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import type { Plan } from './plan.ts';
import type { RunFolder } from './run-folder.ts';

/** So often a device may be lost without a checkpoint in between: a driver that fails at every step ends the training. */
const mostInARow = 3;

/** Runs a training; after the loss of its device again, from the last checkpoint, and says so. */
export async function throughLosses(plan: Plan, output: Output, run: (plan: Plan) => Promise<number>): Promise<number> {
  let losses = 0;
  for (let current = plan; ;) {
    try {
      return await run(current);
    } catch (error) {
      const checkpoint = error instanceof BackendLostError ? await plan.folder.lastCheckpoint() : undefined;
      if (checkpoint === undefined) throw withRemains(error, plan.folder);
      losses = checkpoint.globalStep > (current.checkpoint?.globalStep ?? 0) ? 1 : losses + 1;
      if (losses === mostInARow) throw withRemains(error, plan.folder);
      const reason = lossOf(error as BackendLostError);
      output.event({ event: 'lost', reason, step: checkpoint.globalStep });
      note(`${reason}; a new one goes on from the last checkpoint, after ${plural(checkpoint.globalStep, 'step')}`);
      current = { ...plan, checkpoint };
    }
  }
}

/** The error of a training that its device ended, with a note on what is left of the run and how it goes on. */
function withRemains(error: unknown, folder: RunFolder): unknown {
  if (!folder.holdsRun) return error;
  const { remains } = folder;
  if (error instanceof BackendLostError) error.message = `${lossOf(error)}; ${remains}; ${goingOn(folder)}`;
  if (error instanceof BackendUnavailable) error.message += `; ${remains}; ${goingOn(folder, '--backend', 'cpu')}`;
  if (error instanceof OutOfMemoryError)
    return new TrainingError(`${failureLine(error)}; ${remains}; ${goingOn(folder, '--backend', 'cpu')}`, { cause: error });
  return error;
}

function goingOn({ path }: RunFolder, ...more: string[]): string {
  return `to go on: ${asTyped(['train', '--resume', '--out', path, ...more])}`;
}

/** What happened, without the advice to programmers that follows it. */
function lossOf({ message }: BackendLostError): string {
  return message.replace(/; make a new backend.*$/s, '');
}

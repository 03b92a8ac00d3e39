// What callbacks that log to a file share: the file begins with a training and goes on with a resumed one.

import type { Check } from '@sinapse/core';
import type { Callback, Session } from '../callback.ts';
import type { EpochResult } from '../epoch-result.ts';
import { JsonObject } from '../json.ts';
import type { AppendFile } from './append-file.ts';

/** The check of the name under which checkpoints keep how far a log is. */
export const NAME: Check = { expected: 'a name', accepts: (value) => typeof value === 'string' && value !== '' };

export interface FileLog {
  /** The name under which a checkpoint keeps the state. */
  readonly name: string;
  readonly file: AppendFile;
  /** The beginning of a new file. */
  readonly begin: (session: Session) => Uint8Array;
  /** Adds an epoch to the file. */
  readonly addEpoch: (result: EpochResult, session: Session) => void | Promise<void>;
}

/** The callback of a log. It writes after each epoch; whoever adds lines in between need not care about the file. */
export function fileLog({ name, file, begin, addEpoch }: FileLog): Callback {
  let restored: { readonly bytes: number; readonly epochs: number } | undefined;
  let epochs = 0;
  return {
    name,
    async onStart(session) {
      epochs = 0;
      if (restored !== undefined && file.goOn(restored.bytes)) ({ epochs } = restored);
      else file.begin(begin(session));
      restored = undefined;
      // Epochs of the checkpoint that the log had not been told of when it was taken, or all of a file that is gone.
      for (const result of session.history.slice(epochs)) await addEpoch(result, session);
      epochs = session.history.length;
      file.flush();
    },
    async onEpoch(result, session) {
      await addEpoch(result, session);
      epochs++;
      file.flush();
    },
    onStop() {
      file.flush();
    },
    capture() {
      file.flush();
      return { values: { bytes: file.length, epochs }, arrays: new Map() };
    },
    restore({ values }) {
      const state = new JsonObject(values, `checkpoint: ${name}`);
      restored = { bytes: state.integer('bytes', 0), epochs: state.integer('epochs', 0) };
    },
  };
}

/** The numbers of an epoch, by name: `loss`, `f1`, `valLoss`, `val f1`, … */
export function numbersOf({ metrics = {}, valMetrics = {}, ...result }: EpochResult): Record<string, number> {
  const { epoch, loss, accuracy, valLoss, valAccuracy, seconds, examples, examplesPerSecond } = result;
  const validated = Object.entries(valMetrics).map(([name, value]) => [`val ${name}`, value] as const);
  const numbers = {
    epoch,
    loss,
    accuracy,
    ...metrics,
    valLoss,
    valAccuracy,
    ...Object.fromEntries(validated),
    seconds,
    examples,
    examplesPerSecond,
  };
  return Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

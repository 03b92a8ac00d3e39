// The recurrent networks that `--model` names, and the file that each learns.

import { UsageError } from '../usage-error.ts';

/** What each network learns. */
export const sequenceModels = { 'char-lstm': 'text', 'char-gru': 'text', lstm: 'series', gru: 'series' } as const;

export type SequenceModel = keyof typeof sequenceModels;

/** An example of a file, as `--data` takes it. */
const FILES = { text: 'text.txt', series: 'series.csv' } as const;

export function isSequenceModel(name: string | undefined): name is SequenceModel {
  return name !== undefined && Object.hasOwn(sequenceModels, name);
}

/** @throws UsageError when a network for texts or series is to learn a data set, or nothing was named to learn */
export function refuseSequenceModel(name: string | undefined, dataset: string | undefined): void {
  if (!isSequenceModel(name)) return;
  const kind = sequenceModels[name];
  const instead = dataset === undefined ? '' : `, not the data set ${dataset}`;
  throw new UsageError(`${name} learns a ${kind} of your own${instead}: --data ${FILES[kind]}`);
}

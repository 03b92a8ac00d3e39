// What a training of a sequence consists of.

import type { HostArray } from '@sinapse/datasets';
import type { Layer } from '@sinapse/layers';
import type { EpochResult, Loss, ModelCard } from '@sinapse/training';
import type { TrainOptions } from '../commands/train.ts';
import type { Output } from '../output/output.ts';
import type { RunFolder } from './run-folder.ts';

export interface SequenceOptions extends TrainOptions {
  readonly data: string;
  readonly target?: string;
  readonly window?: number;
  readonly horizon?: number;
}

/** A training of a sequence, read from a file. */
export interface SequencePlan {
  /** What it learns, in a line. */
  readonly title: string;
  readonly model: Layer;
  readonly inputShape: readonly number[];
  readonly train: { readonly x: HostArray; readonly y: HostArray };
  readonly validation: { readonly x: HostArray; readonly y: HostArray };
  readonly loss: Loss;
  readonly epochs: number;
  /** The learning rate of Adam unless one is given, if its usual one does not serve. */
  readonly adamRate?: number;
  readonly batchSize: number;
  readonly card: Partial<ModelCard>;
  /** Figures of an epoch beside its loss. */
  readonly figures: (result: EpochResult) => Readonly<Record<string, number>>;
  /** What follows the training: more files in the folder, and lines. Returns the figures of the `done` event. */
  readonly finish: (folder: RunFolder, output: Output, last: EpochResult) => Promise<Readonly<Record<string, unknown>>>;
}

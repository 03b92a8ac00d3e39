// What a training has come to.

import type { Model } from '@sinapse/core';
import type { EpochResult, Loss } from '@sinapse/training';
import type { AutoFolder } from './auto-folder.ts';
import type { ChosenSettings } from './auto-settings.ts';
import type { CrossValidated } from './before-training.ts';
import type { Problem } from './problem.ts';

/** What a trained run is made of, for its result. */
export interface Trained {
  readonly problem: Problem;
  readonly settings: ChosenSettings;
  readonly folder: AutoFolder;
  readonly model: Model;
  readonly loss: Loss;
  readonly parameters: number;
  /** The epochs of the first network. */
  readonly history: readonly EpochResult[];
  readonly stopped: string;
  readonly folds: CrossValidated | undefined;
  readonly seconds: number;
}

// What a checkpoint holds.

import type { NamedArray } from '@sinapse/formats';
import type { EpochResult } from '../epoch-result.ts';
import type { Json } from '../json.ts';
import type { RunningSums } from '../running.ts';

/** Where a training stands, and what makes it this training and no other. */
export interface Progress {
  /** The backend and what runs its kernels; only the same one gives the same bits. */
  readonly engine: string;
  readonly seed: number;
  /** Batches in an epoch, where the source knew. */
  readonly steps?: number;
  /** Examples in every batch so far but the last of an epoch; absent where they differ. */
  readonly batchSize?: number;
  /** The caller's own description of data and settings; a resumed training must give the same. */
  readonly fingerprint: Readonly<Record<string, Json>>;
  /** The epoch in progress, from 1, and the steps done in it. */
  readonly epoch: number;
  readonly step: number;
  readonly globalStep: number;
  /** Of the epoch in progress. */
  readonly running: RunningSums;
  readonly seconds: number;
  readonly history: readonly EpochResult[];
}

export interface Checkpoint extends Progress {
  /** Parameters and states, by path. */
  readonly weights: ReadonlyMap<string, NamedArray>;
  readonly optimizer: OptimizerArrays;
  /** What callbacks keep, by their names. */
  readonly callbacks: ReadonlyMap<string, CallbackState<NamedArray>>;
}

export interface OptimizerArrays {
  readonly step: number;
  /** By slot, then by the path of the parameter. */
  readonly slots: ReadonlyMap<string, ReadonlyMap<string, NamedArray>>;
}

/** What a checkpoint keeps for a callback. */
export interface CallbackState<T> {
  readonly values: Json;
  readonly arrays: ReadonlyMap<string, T>;
}

// What a checkpoint holds.

import type { Check } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { EpochResult } from '../epoch-result.ts';
import type { Json } from '../json.ts';
import type { RunningSums } from '../running.ts';

/** How far a training has come, and the settings that identify it. */
export interface Progress {
  /** The backend's name and engine. Only the same engine gives the same bits. */
  readonly engine: string;
  readonly seed: number;
  /** The number of batches in an epoch, if the source knew it. */
  readonly steps?: number;
  /** The number of examples in each batch so far, the last of an epoch excepted; absent if it varies. */
  readonly batchSize?: number;
  /** The caller's own description of data and settings. A resumed training must have the same. */
  readonly fingerprint: Readonly<Record<string, Json>>;
  /** The epoch in progress, from 1, and the steps done in it. */
  readonly epoch: number;
  readonly step: number;
  readonly globalStep: number;
  /** Sums over the batches of the epoch in progress. */
  readonly running: RunningSums;
  readonly seconds: number;
  readonly history: readonly EpochResult[];
}

export interface Checkpoint extends Progress {
  /** Parameters and states, by path. */
  readonly weights: ReadonlyMap<string, NamedArray>;
  readonly optimizer: OptimizerArrays;
  /** If the training has several optimizers: those of its parts, by name. `optimizer` is then empty. */
  readonly optimizers?: ReadonlyMap<string, OptimizerArrays>;
  /** The states of the callbacks, by their names. */
  readonly callbacks: ReadonlyMap<string, CallbackState<NamedArray>>;
}

export interface OptimizerArrays {
  readonly step: number;
  /** Arrays by the name of the slot, then by the path of the parameter. */
  readonly slots: ReadonlyMap<string, ReadonlyMap<string, NamedArray>>;
}

/** The optimizer of a checkpoint that has those of parts. */
export const NO_OPTIMIZER: OptimizerArrays = { step: 0, slots: new Map() };

/** What a checkpoint keeps for a callback. */
export interface CallbackState<T> {
  readonly values: Json;
  readonly arrays: ReadonlyMap<string, T>;
}

/** A test for objects that have some members. */
export function hasMembers(...names: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** The check of a checkpoint that a caller gives. */
export const CHECKPOINT: Check = {
  expected: 'a checkpoint, as loadCheckpoint and decodeCheckpoint return it',
  accepts: hasMembers('weights', 'optimizer', 'callbacks'),
};

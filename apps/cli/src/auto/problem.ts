// A problem to learn, whatever its data: examples with targets, in three parts, and how they become batches.

import type { Shape } from '@sinapse/core';
import type { Preprocessing } from '@sinapse/datasets';
import type { BatchSource, Json } from '@sinapse/training';
import type { Augmentation } from './auto-settings.ts';

/** The places of the examples of each part. */
export interface Parts {
  readonly train: Int32Array;
  /** Decides when the training ends. */
  readonly validation: Int32Array;
  /** Measured once, at the end. */
  readonly test: Int32Array;
}

/** Examples that are the same, or nearly: by their places, the first one first. */
export interface Duplicates {
  readonly exact: readonly (readonly number[])[];
  readonly near: readonly (readonly number[])[];
}

/** A file or a row that was left out, and why. */
export interface Skipped {
  readonly source: string;
  readonly reason: string;
}

export interface BatchOptions {
  readonly batchSize: number;
  /** Gives another order in each epoch; without it, the examples come in their own. */
  readonly shuffle?: number;
  readonly augment?: Augmentation;
}

interface AnyProblem {
  readonly kind: 'images' | 'table';
  /** The name of the data, as shown. */
  readonly name: string;
  readonly count: number;
  readonly inputShape: Shape;
  /** The names of the classes; empty for a regression. */
  readonly classNames: readonly string[];
  /** The class of each example, or its number in the units of the data. */
  readonly targets: Int32Array | Float64Array;
  readonly skipped: readonly Skipped[];
  readonly duplicates: Duplicates;
  readonly parts: Parts;
  /** What is worth knowing before the training, a sentence each. */
  readonly remarks: readonly string[];
  /** A short hash of examples and targets: a resumed run must find the same. */
  readonly content: string;
  /** What the model file needs to use the model on new data. */
  readonly preprocessing: Json;
  /** The file or row of an example. */
  sourceOf(index: number): string;
  batches(indices: Int32Array, options: BatchOptions): BatchSource;
}

export interface ImageProblem extends AnyProblem {
  readonly kind: 'images';
  readonly task: 'classification';
  readonly targets: Int32Array;
  /** Sides of the pictures as they are in the files, of a sample: the least, the middle and the largest. */
  readonly sizes: Readonly<Record<'smallest' | 'median' | 'largest', readonly [width: number, height: number]>>;
  /** The same pictures as weights from elsewhere need them. */
  preprocessedBy(preprocessing: Preprocessing): ImageProblem;
}

export interface TableProblem extends AnyProblem {
  readonly kind: 'table';
  readonly task: 'classification' | 'regression';
  readonly target: string;
  /** The columns, each with its kind and what it lacks. */
  readonly columns: readonly { readonly name: string; readonly kind: string; readonly missing: number }[];
  /** The columns that the network is given, each with the places of its features. */
  readonly featureColumns: readonly { readonly name: string; readonly places: readonly number[] }[];
  /** The network's number times the scale, plus the offset, is that of the data; 1 and 0 for classes. */
  readonly scale: number;
  readonly offset: number;
}

export type Problem = ImageProblem | TableProblem;

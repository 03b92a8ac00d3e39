// What a recurrent cell is: the computation of one step of a sequence. Any object with `initialState` and `step` is one.

import type { Check, Context, Seed, Shape, Tensor } from '@sinapse/core';
import { expandDims, reshape } from '@sinapse/core';

/** What one step gives. */
export interface StepResult {
  /** The output of the step, `[batch, …]`. */
  readonly y: Tensor;
  /** The state after the step: as many tensors as before, of the same shapes. */
  readonly state: readonly Tensor[];
}

/** A cell in one sequence: its weights are read, and what concerns the input alone is computed for all steps at once. */
export interface UnrolledCell {
  /** What `step` takes of each time, `[time, batch, …]`. */
  readonly inputs: Tensor;
  /** @param x `inputs` at one time, `[batch, …]` */
  step(x: Tensor, state: readonly Tensor[]): StepResult;
}

/** How a whole sequence is read. */
export interface Reading {
  readonly context: Context;
  /** int32 `[batch]`; undefined if every step belongs to its sequence. */
  readonly lengths: Tensor | undefined;
  readonly reverse: boolean;
}

/**
 * One step of a recurrent network. `rnn(cell)` runs it over sequences. The least that a cell of your own needs is `initialState` and `step`; its
 * parameters are the fields that hold a `Parameter`, made by `build`.
 */
export interface RecurrentCell {
  /** Makes the parameters. @param inputShape of one step of one example, e.g. `[features]` */
  build?(inputShape: Shape, seed: Seed): unknown;
  /** The state before the first step, tensors `[batch, …]`. */
  initialState(batch: number): readonly Tensor[];
  /** @param x `[batch, …]`, the input of this step */
  step(x: Tensor, state: readonly Tensor[], context: Context): StepResult;
  /** Begins a sequence; a cell with this method computes for all steps at once what does not depend on the state. @param xs `[time, batch, …]` */
  begin?(xs: Tensor, context: Context): UnrolledCell;
  /**
   * Reads a whole sequence with one kernel; gives undefined where the cell's options need the loop over its steps.
   * @param xs `[time, batch, …]`
   * @returns the tensors of the state after every step, each `[time, batch, …]`; the first one is the output. After its end a sequence keeps its state
   */
  whole?(xs: Tensor, state: readonly Tensor[], reading: Reading): readonly Tensor[] | undefined;
}

/** The check of a cell. */
export const CELL: Check = {
  expected: 'a cell with initialState(batch) and step(x, state)',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['initialState', 'step'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
};

/** Begins a sequence with any cell. */
export function begin(cell: RecurrentCell, xs: Tensor, context: Context): UnrolledCell {
  return cell.begin?.(xs, context) ?? { inputs: xs, step: (x, state) => cell.step(x, state, context) };
}

/** One step of a cell that has `begin`, as a sequence of one step. */
export function onlyStep(cell: Required<Pick<RecurrentCell, 'begin'>>, x: Tensor, state: readonly Tensor[], context: Context): StepResult {
  const unrolled = cell.begin(expandDims(x, 0), context);
  const { inputs } = unrolled;
  return unrolled.step(reshape(inputs, inputs.shape.slice(1)), state);
}

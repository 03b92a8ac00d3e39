// The lengths of sequences that were filled up to one length.

import type { Tensor, TypedArray } from '@sinapse/core';
import {
  BackendError,
  DTypeError,
  ShapeError,
  expandDims,
  formatShape,
  isMeta,
  isTensor,
  less,
  rangeAt,
  shown,
  tensor,
} from '@sinapse/core';

/** The lengths of a batch, one for each sequence: int32 `[batch]`, or a list of integers from 1 to the time of the batch. */
export type Lengths = Tensor | readonly number[];

/** The ends of sequences: their lengths, int32 `[batch]`, and whether a step belongs to its sequence, bool `[time, batch]`. */
export interface Ends {
  readonly lengths: Tensor;
  readonly mask: Tensor;
}

/**
 * The ends of sequences; undefined if every step belongs to its sequence.
 * @param op for messages
 * @throws ShapeError when there is not one length for each sequence, or one is 0 or longer than the batch's sequences. On a device whose answers
 *   wait, the values of a tensor are not asked for
 */
export function endsOf(op: string, lengths: Lengths, batch: number, time: number): Ends | undefined {
  const given = isTensor(lengths) ? knownValues(lengths) : lengths;
  checkForm(op, lengths, batch);
  if (given !== undefined) {
    given.forEach((length, i) => checkLength(op, length, i, time));
    if (given.every((length) => length === time)) return undefined;
  }
  const numbers = isTensor(lengths) ? lengths : tensor(Int32Array.from(lengths));
  return { lengths: numbers, mask: less(expandDims(rangeAt(numbers, time), 1), expandDims(numbers, 0)) };
}

function checkForm(op: string, lengths: Lengths, batch: number): void {
  const expected = `lengths: expected int32 [${batch}] or a list of ${batch} integers, one for each sequence`;
  if (isTensor(lengths)) {
    if (lengths.dtype !== 'int32') throw new DTypeError(`${op}: ${expected}, got ${lengths.dtype}; cast it`);
    if (lengths.rank !== 1 || lengths.shape[0] !== batch) throw new ShapeError(`${op}: ${expected}, got ${formatShape(lengths.shape)}`);
  } else if (!Array.isArray(lengths) || lengths.length !== batch) throw new ShapeError(`${op}: ${expected}, got ${shown(lengths)}`);
}

function checkLength(op: string, length: number, i: number, time: number): void {
  if (Number.isInteger(length) && length >= 1 && length <= time) return;
  throw new ShapeError(
    `${op}: lengths: sequence ${i} has ${shown(length)}; a length is an integer from 1 to ${time}, the steps of the batch`,
  );
}

/** The values of a tensor, if they can be had at once. */
function knownValues(lengths: Tensor): TypedArray | undefined {
  if (lengths.backend.info.reading !== 'immediate' || isMeta(lengths.backend)) return undefined;
  try {
    return lengths.dataSync();
  } catch (error) {
    if (error instanceof BackendError) return undefined; // inside vmap there are no values of one example
    throw error;
  }
}

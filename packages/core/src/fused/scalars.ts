// The scalars of a program: numbers that a formula was given, and what its ops work out of them in float64 (1 - rate, an exponent less 1).

import { isValueOf } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import type { ScalarSlot } from '../contract/program.ts';
import type { Cell, Scalar } from '../contract/scalar.ts';
import { derivedCell, numberOf } from '../contract/scalar.ts';

/** A cell that a program was traced with, and the slot that it became. */
export interface TracedScalar {
  readonly cell: Cell;
  readonly slot: ScalarSlot;
}

/** Cells that stand for the numbers which a formula is given: they hold those of one call at a time. */
export class GivenScalars {
  readonly cells: readonly { value: number }[];

  /** @param values with which the formula is traced, so that what it checks of them holds */
  constructor(values: readonly number[]) {
    this.cells = values.map((value) => ({ value }));
  }

  /** What the slots of a program hold in a call that is given these scalars, in the order of the cells. */
  resolve(traced: readonly TracedScalar[], given: readonly Scalar[]): Record<string, Scalar> {
    const scalars: Record<string, Scalar> = {};
    for (const { cell, slot } of traced) {
      const at = this.cells.indexOf(cell);
      scalars[slot.name] = at >= 0 ? checked(slot, given[at]!) : this.follow(cell, given);
    }
    return scalars;
  }

  /** What is worked out of the scalars of a call. */
  private follow(cell: Cell, given: readonly Scalar[]): Cell {
    return derivedCell(() => {
      this.cells.forEach((each, i) => (each.value = numberOf(given[i]!)));
      return cell.value;
    });
  }
}

/** @throws DTypeError when the dtype of the tensors that it meets cannot hold it */
function checked({ dtype }: ScalarSlot, scalar: Scalar): Scalar {
  const value = numberOf(scalar);
  if (!isValueOf(dtype, value)) throw new DTypeError(`fused: ${value} is not a value of ${dtype}; cast the tensor to float32 first`);
  return scalar;
}

// The scalars of a program: numbers passed to a formula, and numbers computed from them in float64 (1 - rate, exponent - 1).

import { isValueOf } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import type { ScalarSlot } from '../contract/program.ts';
import type { Cell, Scalar } from '../contract/scalar.ts';
import { derivedCell, numberOf } from '../contract/scalar.ts';

/** A cell met in tracing, and the scalar slot it became. */
export interface TracedScalar {
  readonly cell: Cell;
  readonly slot: ScalarSlot;
}

/** The cells that stand for a formula's numbers. They hold the numbers of one call at a time. */
export class GivenScalars {
  readonly cells: readonly { value: number }[];

  /** @param values of the first call: tracing uses them, so that the formula's checks of numbers pass */
  constructor(values: readonly number[]) {
    this.cells = values.map((value) => ({ value }));
  }

  /** The scalars of a program's slots in a call. @param given the scalars passed to that call, in the order of the cells */
  resolve(traced: readonly TracedScalar[], given: readonly Scalar[]): Record<string, Scalar> {
    const scalars: Record<string, Scalar> = {};
    for (const { cell, slot } of traced) {
      const at = this.cells.indexOf(cell);
      scalars[slot.name] = at >= 0 ? checked(slot, given[at]!) : this.follow(cell, given);
    }
    return scalars;
  }

  /** A cell that computes a derived cell's value from the scalars of a call. */
  private follow(cell: Cell, given: readonly Scalar[]): Cell {
    return derivedCell(() => {
      this.cells.forEach((each, i) => (each.value = numberOf(given[i]!)));
      return cell.value;
    });
  }
}

/** @throws DTypeError when the dtype of the tensors it is combined with cannot hold it */
function checked({ dtype }: ScalarSlot, scalar: Scalar): Scalar {
  const value = numberOf(scalar);
  if (!isValueOf(dtype, value)) throw new DTypeError(`fused: ${value} is not a value of ${dtype}; cast the tensor to float32 first`);
  return scalar;
}

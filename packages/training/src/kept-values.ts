// Keeps what a model was, while something is tried out on it.

import type { Parameter, State, Tensor } from '@sinapse/core';
import { scope } from '@sinapse/core';

/** The values of some cells at one moment. */
export class KeptValues {
  private readonly kept: readonly { readonly cell: Parameter | State; readonly value: Tensor }[];

  constructor(cells: readonly (Parameter | State)[]) {
    this.kept = scope(() => cells.map((cell) => ({ cell, value: cell.value.keep() })));
  }

  /** Gives the cells their values back. */
  restore(): void {
    for (const { cell, value } of this.kept) cell.assign(value);
  }

  dispose(): void {
    for (const { value } of this.kept) value.dispose();
  }
}

// Cells one above the other: the output of each is the input of the next, in the same step.

import type { Context, Seed, Shape, Tensor } from '@sinapse/core';
import { SinapseError, checkValue, randomKey, shown } from '@sinapse/core';
import { outputShapeOf } from '@sinapse/layers';
import type { RecurrentCell, StepResult } from './cell.ts';
import { CELL } from './cell.ts';

export class StackedCells implements RecurrentCell {
  readonly type = 'stackedCells';
  readonly cells: readonly RecurrentCell[];

  constructor(cells: readonly RecurrentCell[]) {
    this.cells = cells;
  }

  build(inputShape: Shape, seed: Seed = 0): void {
    let shape = inputShape;
    for (const [i, cell] of this.cells.entries()) {
      cell.build?.(shape, randomKey(seed).fold(i));
      shape = outputOfStep(cell, shape);
    }
  }

  /** The states of all cells, one after another. */
  initialState(batch: number): readonly Tensor[] {
    return this.cells.flatMap((cell) => [...cell.initialState(batch)]);
  }

  step(x: Tensor, state: readonly Tensor[], context: Context): StepResult {
    const after: Tensor[] = [];
    let y = x;
    for (const [i, cell] of this.cells.entries()) {
      const own = state.slice(after.length, after.length + cell.initialState(x.shape[0]!).length);
      const result = cell.step(y, own, context.child(String(i)));
      after.push(...result.state);
      y = result.y;
    }
    return { y, state: after };
  }
}

/** The shape of one example of a cell's output. */
function outputOfStep(cell: RecurrentCell, inputShape: Shape): Shape {
  const call = (x: Tensor, context: Context): Tensor => cell.step(x, cell.initialState(x.shape[0]!), context).y;
  const layer = { type: 'stackedCells', cell, call, build: (shape: Shape) => shape };
  return outputShapeOf(layer, inputShape);
}

/**
 * Cells one above the other as one cell: `rnn(stackedCells([lstmCell({ units: 32 }), gruCell({ units: 16 })]))`. El Hihi, Bengio 1995.
 * @throws SinapseError unless it is given a list of at least one cell
 */
export function stackedCells(cells: readonly RecurrentCell[]): StackedCells {
  if (!Array.isArray(cells) || cells.length === 0)
    throw new SinapseError(`stackedCells: expected a list of at least one cell, got ${shown(cells)}`);
  cells.forEach((cell, i) => checkValue(`stackedCells: entry ${i}`, cell, CELL));
  return new StackedCells(cells);
}

// Which S-cells learn from a pattern: the winners of a competition, at most one of each plane.

/** A cell of an S-layer. */
export interface Cell {
  readonly plane: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Chooses the representatives of an S-layer, as the paper describes the self-organisation of the network. An S-column is what lies in a window of all planes; columns overlap. In each, the
 * cell with the largest answer is a candidate, if it answers at all. Of the candidates of a plane, the one with the largest answer represents it.
 * @param answers `[height, width, planes]`, each at least 0
 * @param column the rows and columns of an S-column
 */
export function representatives(answers: ArrayLike<number>, shape: readonly [number, number, number], column: number): Cell[] {
  const [height, width, planes] = shape;
  /** For each plane, the position of its best candidate. */
  const best = new Map<number, number>();
  const last = [height, width].map((length) => Math.max(0, length - column)) as [number, number];
  for (let top = 0; top <= last[0]; top++)
    for (let left = 0; left <= last[1]; left++) {
      let candidate = -1;
      for (let row = top; row < Math.min(top + column, height); row++)
        for (let i = (row * width + left) * planes; i < (row * width + Math.min(left + column, width)) * planes; i++)
          if (answers[i]! > (candidate < 0 ? 0 : answers[candidate]!)) candidate = i;
      if (candidate < 0) continue;
      const known = best.get(candidate % planes);
      if (known === undefined || answers[candidate]! > answers[known]!) best.set(candidate % planes, candidate);
    }
  return [...best].map(([plane, i]) => {
    const position = (i - plane) / planes;
    return { plane, row: Math.floor(position / width), column: position % width };
  });
}

// Coordinates of a grid.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape } from '../contract/shape.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape } from './reshape.ts';
import { broadcastTo } from './sum.ts';

/** The order of a grid's axes. */
export interface MeshgridOptions {
  /** 'xy': the first vector runs along axis 1 and the second along axis 0, as in a picture. 'ij': vector i runs along axis i. Default 'xy'. */
  readonly indexing?: 'xy' | 'ij' | undefined;
}

const MESHGRID: OptionChecks<MeshgridOptions> = { indexing: check.oneOf(['xy', 'ij']) };

/**
 * The coordinates of each point of the grid that vectors span, one tensor for each vector.
 * @param vectors of shape `[n_i]`, any dtype
 * @returns tensors of one shape, `[n_0, n_1, …]` for 'ij', `[n_1, n_0, …]` for 'xy'
 * @throws ShapeError unless all are vectors
 */
export function meshgrid(vectors: readonly Tensor[], options: MeshgridOptions = {}): Tensor[] {
  checkTensors('meshgrid', vectors);
  checkOptions('meshgrid', options, MESHGRID);
  for (const { shape } of vectors)
    if (shape.length !== 1) throw new ShapeError(`meshgrid: takes vectors, got a tensor of shape ${formatShape(shape)}`);
  const isPicture = (options.indexing ?? 'xy') === 'xy' && vectors.length > 1;
  const axisOf = (i: number): number => (isPicture && i < 2 ? 1 - i : i);
  const shape = vectors.map((_, axis) => vectors[axisOf(axis)]!.size);
  return vectors.map((vector, i) => broadcastTo(reshape(vector, shape.map((_, axis) => (axis === axisOf(i) ? vector.size : 1))), shape)); // prettier-ignore
}

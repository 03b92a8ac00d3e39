// Several tensors side by side.

import type { Context, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, concat, formatShape } from '@sinapse/core';
import type { Layer } from '../layer.ts';
import { printsAsModel } from '../print.ts';
import { checkInputs, mergedShape } from './merge.ts';

export interface ConcatenateOptions {
  /** The axis along which they are joined, counted with the batch axis, which is 0; negative from the end. Default -1, the channels. */
  readonly axis?: number;
}

const CONCATENATE: OptionChecks<ConcatenateOptions> = {
  axis: { expected: 'an integer other than 0, the batch axis', accepts: (value) => check.axis.accepts(value) && value !== 0 },
};

export class Concatenate implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'concatenate';
  readonly axis: number;

  constructor({ axis = -1 }: ConcatenateOptions) {
    this.axis = axis;
  }

  /** @param inputShapes one for each input */
  build(inputShapes: readonly Shape[]): Shape {
    return mergedShape(this, inputShapes);
  }

  /**
   * The tensors one behind the other along the axis.
   * @param xs tensors `[batch, …]` of one dtype, whose shapes are equal but for the axis
   * @throws ShapeError when they differ along another axis
   */
  call(xs: readonly Tensor[], _context?: Context): Tensor {
    checkInputs(this, xs);
    const [first] = xs;
    const rank = first.shape.length;
    const axis = this.axis < 0 ? this.axis + rank : this.axis;
    const fits = ({ shape }: Tensor): boolean =>
      shape.length === rank && shape.every((length, i) => i === axis || length === first.shape[i]);
    if (axis < 1 || axis >= rank || !xs.every(fits))
      throw new ShapeError(
        `concatenate: its inputs are ${xs.map((x) => formatShape(x.shape)).join(' and ')}; along axis ${this.axis} they join only if all other lengths are equal`,
      );
    return concat(xs, axis);
  }

  describe(): LayerCall {
    const { type: layer, axis } = this;
    return { layer, arguments: [{ axis }] };
  }
}

printsAsModel(Concatenate, 'Concatenate');

/**
 * Joins several tensors along an axis, by default their channels: `connect([a, b], concatenate())`.
 * @throws SinapseError when the axis is 0
 */
export function concatenate(options: ConcatenateOptions = {}): Concatenate {
  checkOptions('concatenate', options, CONCATENATE);
  return new Concatenate(options);
}

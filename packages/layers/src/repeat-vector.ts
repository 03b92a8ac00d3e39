// Repeats a vector along a new axis of time.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { ShapeError, broadcastTo, check, checkValue, expandDims, formatShape } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class RepeatVector implements Layer {
  readonly type = 'repeatVector';
  readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, features]`
   * @returns `[batch, count, features]`
   * @throws ShapeError when an example is not a vector
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank !== 2) throw new ShapeError(`repeatVector: each example must be [features], got ${formatShape(x.shape.slice(1))}`);
    return broadcastTo(expandDims(x, 1), [x.shape[0]!, this.count, x.shape[1]!]);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.count] };
  }
}

printsAsModel(RepeatVector, 'RepeatVector');

/**
 * Repeats each vector: `repeatVector(3)` turns `[features]` into `[3, features]`, e.g. to give each step of a decoder the code of the whole input.
 * @param count an integer >= 1
 * @throws SinapseError when it is not
 */
export function repeatVector(count: number): RepeatVector {
  checkValue('repeatVector', count, check.count, 'count');
  return new RepeatVector(count);
}

// The output layer of the original network: the negated distance of its input from the code of each class.

import type { Context, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, expandDims, formatShape, neg, randomKey, square, sub, sum } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { built, builtParameters, makeParameter, outputShapeOf, printsAsModel } from '@sinapse/layers';
import { CODE_LENGTH, digitCodes } from './digit-codes.ts';

export class RbfOutput implements Layer {
  readonly type = 'rbfOutput';
  readonly classes: number;
  /** `[classes, 84]`; undefined until built. As in the paper, they are fixed; set `trainable` to train them. */
  codes: Parameter | undefined;

  /** @param classes at most 10 */
  constructor(classes: number) {
    this.classes = classes;
  }

  /** @param inputShape `[84]` */
  build(inputShape: Shape, seed: Seed): Shape {
    if (inputShape.length !== 1 || inputShape[0] !== CODE_LENGTH)
      throw new ShapeError(`rbfOutput: each example must be [${CODE_LENGTH}], got ${formatShape(inputShape)}`);
    const values = digitCodes.slice(0, this.classes).flatMap((code) => [...code]);
    this.codes = makeParameter([this.classes, CODE_LENGTH], () => Float32Array.from(values), randomKey(seed));
    this.codes.trainable = false;
    return outputShapeOf(this, inputShape);
  }

  /**
   * -Σ (x - code)², eq. 7 negated, so that the nearest code has the highest score.
   * @param x float32 `[batch, 84]`
   * @returns `[batch, classes]`, each at most 0
   */
  call(x: Tensor, _context?: Context): Tensor {
    const differences = sub(expandDims(x, 1), built(this, this.codes).value); // [batch, classes, 84]
    return neg(sum(square(differences), { axis: 2 }));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { codes: this.codes });
  }
}

printsAsModel(RbfOutput, 'RbfOutput');

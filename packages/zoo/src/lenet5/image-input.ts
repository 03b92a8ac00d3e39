// The first layer of the original network: adds a border of background and changes the scale of grey.

import type { Context, Shape, Tensor } from '@sinapse/core';
import { ShapeError, add, formatShape, mul, pad } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { outputShapeOf, printsAsModel } from '@sinapse/layers';

/**
 * The paper: "the background level (white) corresponds to a value of -0.1 and the foreground (black) corresponds to 1.175". So the mean is
 * about 0 and the variance about 1.
 */
const BACKGROUND = -0.1;
const FOREGROUND = 1.175;

export class ImageInput implements Layer {
  readonly type = 'imageInput';
  readonly size: number;

  /** @param size height and width of the output */
  constructor(size: number) {
    this.size = size;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, height, width, channels]`, from 0 (background) to 1 (ink)
   * @returns `[batch, size, size, channels]`, from -0.1 to 1.175
   */
  call(x: Tensor, _context?: Context): Tensor {
    const margins = [1, 2].map((axis) => (this.size - (x.shape[axis] ?? 0)) / 2) as [number, number];
    if (x.rank !== 4 || margins.some((margin) => !Number.isInteger(margin) || margin < 0)) {
      throw new ShapeError(
        `imageInput: input must be [batch, height, width, channels] of at most ${this.size} by ${this.size}, got ${formatShape(x.shape)}`,
      );
    }
    const [rows, columns] = margins;
    const bordered = pad(x, [[0, 0], [rows, rows], [columns, columns], [0, 0]]); // prettier-ignore
    return add(mul(bordered, FOREGROUND - BACKGROUND), BACKGROUND);
  }
}

printsAsModel(ImageInput, 'ImageInput');

// The first layer of the original networks: adds a border of background and changes the scale of grey.

import type { Context, Shape, Tensor } from '@sinapse/core';
import { ShapeError, add, formatShape, mul, pad } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { outputShapeOf, printsAsModel } from '@sinapse/layers';

export class ImageInput implements Layer {
  readonly type = 'imageInput';
  readonly size: number;
  private readonly background: number;
  private readonly ink: number;

  /**
   * @param size height and width of the output
   * @param greys what 0 and 1 become
   */
  constructor(size: number, { background, ink }: { readonly background: number; readonly ink: number }) {
    this.size = size;
    this.background = background;
    this.ink = ink;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, height, width, channels]`, from 0 (background) to 1 (ink)
   * @returns `[batch, size, size, channels]`, from `background` to `ink`
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
    return add(mul(bordered, this.ink - this.background), this.background);
  }
}

printsAsModel(ImageInput, 'ImageInput');

// A C-layer: a cell answers if any cell of its window in one S-plane does, so that a feature may move.

import type { Context, Shape, Tensor } from '@sinapse/core';
import { add, conv2d, div, mean, relu, scope, specOf, sub, writeAt } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { outputShapeOf, printsAsModel } from '@sinapse/layers';
import { falling } from './s-layer.ts';

/** The degree of saturation, the paper's α. */
const SATURATION = 0.5;

export interface CLayerOptions {
  /** The rows and columns of the window. */
  readonly window: readonly [number, number];
  /** Cells of the S-layer from one window to the next. */
  readonly strides: number;
  /** Zeros before and after the rows and the columns. */
  readonly padding: readonly [number, number];
}

export class CLayer implements Layer {
  readonly type = 'cLayer';
  readonly options: CLayerOptions;

  constructor(options: CLayerOptions) {
    this.options = options;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * ψ((1 + s) / (1 + v) - 1), where s = Σ d x in the window of a plane, v is the mean of s over the planes, and ψ(x) = x / (α + x) for
   * positive x and 0 otherwise.
   * @param x float32 `[batch, height, width, planes]`, each at least 0
   * @returns `[batch, outputHeight, outputWidth, planes]`, each from 0 to 1
   */
  call(x: Tensor, _context?: Context): Tensor {
    const { window, strides, padding } = this.options;
    return scope(() => {
      const planes = x.shape[3] ?? 0;
      const weights = Float32Array.from([...falling(window)].flatMap((weight) => Array.from({ length: planes }, () => weight)));
      const filter = writeAt(x, specOf('float32', [...window, 1, planes]), weights);
      const excited = conv2d(x, filter, { strides, padding: [padding, padding], groups: planes });
      const inhibited = mean(excited, { axis: -1, keepDims: true });
      const answer = relu(sub(div(add(excited, 1), add(inhibited, 1)), 1));
      return div(answer, add(answer, SATURATION));
    });
  }
}

printsAsModel(CLayer, 'CLayer');

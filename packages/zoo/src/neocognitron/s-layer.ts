// An S-layer: planes of cells that each look for one feature. Excitation by the feature competes with inhibition by all activity in the window.

import type { Context, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import {
  ShapeError,
  add,
  conv2d,
  div,
  formatShape,
  maximum,
  mul,
  randomKey,
  relu,
  scope,
  specOf,
  sqrt,
  square,
  sub,
  sum,
  writeAt,
} from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { built, builtParameters, initializers, makeParameter, outputShapeOf, printsAsModel } from '@sinapse/layers';

/** The rows and columns of the window that an S-cell sees: 5 by 5 in every layer of the paper. */
export const WINDOW = 5;

/** The least sum of squares: at 0 the square root has no gradient. */
const LEAST = 1e-12;

/** The first weights: small, positive, and different in each plane, so that planes answer weakly and prefer different patterns. */
const initialWeights = /* @__PURE__ */ initializers.uniform({ low: 0, high: 1e-4 });

export interface SLayerOptions {
  /** The number of planes, the paper's K. */
  readonly planes: number;
  /** The strength of inhibition, the paper's r: a cell answers if the likeness of what it sees to its feature exceeds r / (1 + r). */
  readonly inhibition: number;
  /** The speed of learning, the paper's q. */
  readonly speed: number;
  /** The rows and columns of zeros around the planes before it. */
  readonly padding: number;
}

export class SLayer implements Layer {
  readonly type = 'sLayer';
  readonly options: SLayerOptions;
  /** The excitatory weights a, `[5, 5, planes before, planes]`; undefined until built. */
  excitation: Parameter | undefined;
  /** The inhibitory weights b, `[planes]`, at first 0; undefined until built. */
  inhibition: Parameter | undefined;
  /** The fixed weights c of the inhibitory cells, `[5 · 5]`; their sum over all planes before is 1. Empty until built. */
  fixed: Float32Array = new Float32Array();

  constructor(options: SLayerOptions) {
    this.options = options;
  }

  /** @param inputShape `[height, width, planes]` */
  build(inputShape: Shape, seed: Seed): Shape {
    if (inputShape.length !== 3)
      throw new ShapeError(`sLayer: each example must be [height, width, planes], got ${formatShape(inputShape)}`);
    const before = inputShape[2]!;
    const { planes } = this.options;
    this.excitation = makeParameter([WINDOW, WINDOW, before, planes], initialWeights, randomKey(seed).fold('excitation'));
    this.inhibition = makeParameter([planes], initializers.zeros, randomKey(seed).fold('inhibition'));
    this.fixed = normalised(falling([WINDOW, WINDOW]), before);
    return outputShapeOf(this, inputShape);
  }

  /**
   * r relu((1 + Σ a x) / (1 + 2r / (1 + r) b v) - 1), where v = √(Σ c x²).
   * @param x float32 `[batch, height, width, planes]`, each at least 0
   * @returns `[batch, outputHeight, outputWidth, planes]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    const { inhibition: r, padding } = this.options;
    return scope(() => {
      const excited = add(conv2d(x, built(this, this.excitation).value, { padding }), 1);
      const inhibited = add(mul(mul(this.activity(x), built(this, this.inhibition).value), (2 * r) / (1 + r)), 1);
      return mul(relu(sub(div(excited, inhibited), 1)), r);
    });
  }

  /** The inhibitory cells: √(Σ c x²), one plane for all features, `[batch, outputHeight, outputWidth, 1]`. */
  activity(x: Tensor): Tensor {
    const fixed = writeAt(x, specOf('float32', [WINDOW, WINDOW, 1, 1]), this.fixed);
    const squares = sum(square(x), { axis: -1, keepDims: true });
    return sqrt(maximum(conv2d(squares, fixed, { padding: this.options.padding }), LEAST));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { excitation: this.excitation, inhibition: this.inhibition });
  }
}

printsAsModel(SLayer, 'SLayer');

/**
 * How strongly the cells of a window are connected, row by row: the strength falls with the distance from the middle. The paper says so, and gives no
 * numbers; here it is 0.8^distance.
 */
export function falling([rows, columns]: readonly [number, number]): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns) - (rows - 1) / 2, (i % columns) - (columns - 1) / 2];
    return 0.8 ** Math.hypot(row, column);
  });
}

/** Weights whose sum over so many planes is 1. */
function normalised(weights: Float32Array, planes: number): Float32Array {
  const total = planes * weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

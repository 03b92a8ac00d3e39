// Sines and cosines that tell positions in a sequence apart, for layers that do not see the order.

import type { Backend, Context, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { Derived, ShapeError, add, check, checkOptions, formatShape, writeAt } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface PositionalEncodingOptions {
  /** The longest wavelength over 2π, > 1. Default 10000. */
  readonly base?: number;
}

const POSITIONAL_ENCODING: OptionChecks<PositionalEncodingOptions> = {
  base: { expected: 'a finite number > 1', accepts: (value) => check.finite.accepts(value) && (value as number) > 1 },
};

export class PositionalEncoding implements Layer {
  readonly type = 'positionalEncoding';
  readonly base: number;
  /** The table of the last call, and for what it was made. */
  private readonly kept: Derived<{ table: Tensor }> = new Derived();
  private keptFor: { readonly backend: Backend; readonly time: number; readonly features: number } | undefined;

  constructor({ base = 10_000 }: PositionalEncodingOptions) {
    this.base = base;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * x + table, where table[position, 2i] = sin(position / base^(2i / features)), and table[position, 2i + 1] is the cosine of the same.
   * @param x float32 `[batch, time, features]`
   * @throws ShapeError when an example is not `[time, features]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank !== 3)
      throw new ShapeError(`positionalEncoding: each example must be [time, features], got ${formatShape(x.shape.slice(1))}`);
    return add(x, this.tableFor(x));
  }

  private tableFor(x: Tensor): Tensor {
    const { backend } = x;
    const [, time, features] = x.shape as readonly [number, number, number];
    const { keptFor } = this;
    if (keptFor?.backend !== backend || keptFor.time !== time || keptFor.features !== features) this.kept.release();
    this.keptFor = { backend, time, features };
    const spec = { dtype: x.dtype, shape: [time, features], size: time * features };
    return this.kept.of([], () => ({ table: writeAt(x, spec, encoding(time, features, this.base)) })).table;
  }

  describe(): LayerCall {
    const { type: layer, base } = this;
    return { layer, arguments: [{ base }] };
  }
}

printsAsModel(PositionalEncoding, 'PositionalEncoding');

function encoding(time: number, features: number, base: number): Float32Array {
  const table = new Float32Array(time * features);
  for (let position = 0; position < time; position++) {
    for (let i = 0; i < features; i++) {
      const angle = position / base ** ((i - (i % 2)) / features);
      table[position * features + i] = i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/**
 * Adds to each position of a sequence a vector of its own, made of sines and cosines: `positionalEncoding()`, after an `embedding`. It has no
 * parameters, and knows positions that training has not shown. Vaswani et al. 2017, section 3.5.
 * @throws SinapseError when the base is out of range
 */
export function positionalEncoding(options: PositionalEncodingOptions = {}): PositionalEncoding {
  checkOptions('positionalEncoding', options, POSITIONAL_ENCODING);
  return new PositionalEncoding(options);
}

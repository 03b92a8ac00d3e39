// A vector for each position in a sequence, learned.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, add, check, checkOptions, formatShape, randomKey, slice } from '@sinapse/core';
import { built, builtParameters, checkInput, checkInputShape, makeParameter, outputShapeOf } from './build.ts';
import { uniform } from './initializers/distributions.ts';
import type { Initializer } from './initializers/initializer.ts';
import { INITIALIZER } from './initializers/initializer.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';
import { present } from './weights.ts';

export interface PositionEmbeddingOptions {
  /** The number of positions, an integer >= 1. Default: as many as the sequence has for which the layer is built. */
  readonly length?: number;
  /** The initial vectors. Default `initializers.uniform()`: from -0.05 to 0.05. */
  readonly embeddingsInitializer?: Initializer;
}

const POSITION_EMBEDDING: OptionChecks<PositionEmbeddingOptions> = { length: check.count, embeddingsInitializer: INITIALIZER };

export class PositionEmbedding implements Layer {
  readonly type = 'positionEmbedding';
  readonly length: number | undefined;
  /** `[length, features]`; undefined until built. */
  embeddings: Parameter | undefined;
  private readonly initializer: Initializer;

  constructor({ length, embeddingsInitializer = uniform() }: PositionEmbeddingOptions) {
    this.length = length;
    this.initializer = embeddingsInitializer;
  }

  /** @param inputShape `[time, features]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const [time, features] = inputShape;
    if (time === undefined || features === undefined || inputShape.length !== 2)
      throw new ShapeError(`positionEmbedding: each example must be [time, features], got ${formatShape(inputShape)}`);
    this.embeddings = makeParameter([this.length ?? time, features], this.initializer, randomKey(seed).fold('embeddings'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * x + embeddings.
   * @param x float32 `[batch, time, features]`, at most `length` long
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const table = built(this, this.embeddings);
    const [length, features] = table.shape as readonly [number, number];
    const time = x.shape[1] ?? 0;
    if (x.rank !== 3 || x.shape[2] !== features || time > length)
      throw new ShapeError(
        `positionEmbedding: built for sequences of at most ${length} positions, [time, ${features}], got ${formatShape(x.shape.slice(1))}`,
      );
    return add(x, time === length ? table.value : slice(table.value, [{ end: time }]));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { embeddings: this.embeddings });
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [present({ length: this.length })] };
  }
}

printsAsModel(PositionEmbedding, 'PositionEmbedding');

/**
 * Adds to each position of a sequence a vector of its own, which is learned: `positionEmbedding({ length: 512 })`, after an `embedding`. Gehring et
 * al. 2017; Devlin et al. 2019 (BERT).
 * @throws SinapseError when an option is unknown or out of range
 */
export function positionEmbedding(options: PositionEmbeddingOptions = {}): PositionEmbedding {
  checkOptions('positionEmbedding', options, POSITION_EMBEDDING);
  return new PositionEmbedding(options);
}

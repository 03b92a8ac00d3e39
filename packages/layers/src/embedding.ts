// Embedding: a table with a vector for each id.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor, TypedArray } from '@sinapse/core';
import { BackendError, ShapeError, cast, check, checkOptions, formatShape, gather, isMeta, randomKey, sizeOf } from '@sinapse/core';
import { built, builtParameters, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { Constraint } from './constraint-option.ts';
import { CONSTRAINT } from './constraint-option.ts';
import { uniform } from './initializers/distributions.ts';
import type { Initializer } from './initializers/initializer.ts';
import { INITIALIZER } from './initializers/initializer.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { Regularizer } from './regularizer-option.ts';
import { REGULARIZER } from './regularizer-option.ts';
import type { Rules } from './weights.ts';
import { makeRuled, present, rulesOf } from './weights.ts';

export interface EmbeddingOptions {
  /** The number of ids: they are 0 to inputDim - 1. */
  readonly inputDim: number;
  /** The length of a vector. */
  readonly outputDim: number;
  /** The initial table. Default `initializers.uniform()`: from -0.05 to 0.05. */
  readonly embeddingsInitializer?: Initializer;
  /** The penalty on the table that `fit` adds to the loss, e.g. `{ l2: 1e-6 }`. Default none. */
  readonly embeddingsRegularizer?: Regularizer;
  /** What `fit` makes of the table after each step, e.g. `{ name: 'maxNorm', limit: 1, axis: 1 }` of each vector. Default nothing. */
  readonly embeddingsConstraint?: Constraint;
}

const EMBEDDING: OptionChecks<EmbeddingOptions> = {
  inputDim: check.required(check.count),
  outputDim: check.required(check.count),
  embeddingsInitializer: INITIALIZER,
  embeddingsRegularizer: REGULARIZER,
  embeddingsConstraint: CONSTRAINT,
};

export class Embedding implements Layer {
  readonly type = 'embedding';
  readonly inputDim: number;
  readonly outputDim: number;
  /** `[inputDim, outputDim]`; undefined until built. */
  embeddings: Parameter | undefined;
  private readonly options: EmbeddingOptions;
  private readonly rules: Rules;

  constructor(options: EmbeddingOptions) {
    this.inputDim = options.inputDim;
    this.outputDim = options.outputDim;
    this.options = options;
    this.rules = rulesOf(this.type, 'embeddings', options.embeddingsRegularizer, options.embeddingsConstraint);
  }

  /** @param inputShape of the ids of one example, e.g. `[time]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const initializer = this.options.embeddingsInitializer ?? uniform();
    this.embeddings = makeRuled(this.rules, [this.inputDim, this.outputDim], initializer, randomKey(seed).fold('embeddings'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x ids `[batch, …]`, int32 or another dtype that holds integers
   * @returns `[batch, …, outputDim]`
   * @throws ShapeError when an id is not in the table. A device whose answers wait is not asked: there the vector of such an id is NaN, and `fit`
   *   stops at the loss
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const table = built(this, this.embeddings).value;
    if (x.backend.info.reading === 'immediate' && !isMeta(x.backend)) this.checkIds(x);
    return gather(table, x.dtype === 'int32' ? x : cast(x, 'int32'));
  }

  private checkIds(ids: Tensor): void {
    let values: TypedArray;
    try {
      values = ids.dataSync();
    } catch (error) {
      if (error instanceof BackendError) return; // inside vmap there are no values of one example
      throw error;
    }
    for (let i = 0; i < values.length; i++) {
      const id = values[i]!;
      if (Number.isInteger(id) && id >= 0 && id < this.inputDim) continue;
      const example = Math.floor(i / Math.max(1, sizeOf(ids.shape.slice(1))));
      throw new ShapeError(
        `embedding: id ${id} in example ${example} of ${formatShape(ids.shape)} is not in the table of ${this.inputDim}: ids are 0 to ${this.inputDim - 1}`,
      );
    }
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { embeddings: this.embeddings });
  }

  describe(): LayerCall {
    const { inputDim, outputDim, embeddingsRegularizer, embeddingsConstraint } = this.options;
    return { layer: this.type, arguments: [{ inputDim, outputDim, ...present({ embeddingsRegularizer, embeddingsConstraint }) }] };
  }
}

printsAsModel(Embedding, 'Embedding');

/**
 * A vector for each id, learned: `embedding({ inputDim: 10_000, outputDim: 64 })` turns `[time]` into `[time, 64]`. Bengio, Ducharme, Vincent,
 * Jauvin 2003.
 * @throws SinapseError when an option is unknown or out of range
 */
export function embedding(options: EmbeddingOptions): Embedding {
  checkOptions('embedding', options, EMBEDDING);
  return new Embedding(options);
}

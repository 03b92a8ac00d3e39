// Attention of a recurrent decoder: each query asks all steps of a memory, and gets their mean, weighted by how well they fit.

import type { LayerCall, OptionChecks, Parameter, Seed, Shape } from '@sinapse/core';
import {
  Context,
  ShapeError,
  SinapseError,
  Tensor,
  add,
  check,
  checkOptions,
  checkValue,
  expandDims,
  formatShape,
  isTensor,
  matmul,
  randomKey,
  reshape,
  scope,
  shown,
  softmax,
  tanh,
  transpose,
  where,
} from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { initializers, makeParameter, printsAsModel } from '@sinapse/layers';
import { made, madeParameters } from '../cell-weights.ts';
import type { Lengths } from '../lengths.ts';
import { endsOf } from '../lengths.ts';
import { SHAPE } from '../recurrent.ts';

/**
 * How well a query q fits a step h of the memory: `additive` is vᵀ tanh(q W + h U) (Bahdanau, Cho, Bengio 2015), `general` q W hᵀ and `dot` q hᵀ
 * (Luong, Pham, Manning 2015).
 */
export type AttentionScore = 'additive' | 'general' | 'dot';

export interface SequenceAttentionOptions {
  /** Default `additive`. */
  readonly score?: AttentionScore;
  /** The units of the additive score. Default: the features of the query. */
  readonly units?: number;
}

const OPTIONS: OptionChecks<SequenceAttentionOptions> = { score: check.oneOf(['additive', 'general', 'dot']), units: check.count };

/** What attention gives. */
export interface Attended {
  /** The weighted mean of the memory for each query, `[batch, queries, features of the memory]`. */
  readonly context: Tensor;
  /** The weights, `[batch, queries, steps]`; they add up to 1. */
  readonly weights: Tensor;
}

export class SequenceAttention implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'sequenceAttention';
  readonly score: AttentionScore;
  /** `[query, units]` for the additive score, `[query, memory]` for the general one. Undefined until built, and for `dot`. */
  queryKernel: Parameter | undefined;
  /** `[memory, units]`; for the additive score. */
  memoryKernel: Parameter | undefined;
  /** `[units, 1]`; for the additive score. */
  scoreKernel: Parameter | undefined;
  private readonly units: number | undefined;

  constructor({ score = 'additive', units }: SequenceAttentionOptions) {
    this.score = score;
    this.units = units;
  }

  /** @param inputShapes of the queries `[queries, features]` and of the memory `[steps, features]` */
  build(inputShapes: readonly Shape[], seed: Seed = 0): Shape {
    if (!Array.isArray(inputShapes) || inputShapes.length < 2 || !inputShapes.every(SHAPE.accepts))
      throw new SinapseError(
        `${this.type}: build: inputShape: expected the shapes of the queries and of the memory, got ${shown(inputShapes)}`,
      );
    const [query, memory] = inputShapes.slice(0, 2) as [Shape, Shape];
    if (query.length !== 2 || memory.length !== 2)
      throw new ShapeError(
        `${this.type}: takes [queries, features] and [steps, features], got ${formatShape(query)} and ${formatShape(memory)}`,
      );
    const { units = query[1]!, score } = this;
    const make = (name: string, shape: Shape): Parameter => makeParameter(shape, initializers.glorotUniform, randomKey(seed).fold(name));
    if (score === 'dot' && query[1] !== memory[1])
      throw new ShapeError(
        `${this.type}: the score dot takes as many features of the queries as of the memory, got ${query[1]} and ${memory[1]}`,
      );
    if (score !== 'dot') this.queryKernel = make('query', [query[1]!, score === 'additive' ? units : memory[1]!]);
    if (score === 'additive') this.memoryKernel = make('memory', [memory[1]!, units]);
    if (score === 'additive') this.scoreKernel = make('score', [units, 1]);
    return [query[0]!, memory[1]!];
  }

  /** @param x the queries `[batch, queries, features]`, the memory `[batch, steps, features]`, and its lengths int32 `[batch]` if they differ */
  call(x: readonly Tensor[], _?: Context): Tensor {
    if (!Array.isArray(x) || x.length < 2 || x.length > 3 || !x.every(isTensor))
      throw new SinapseError(`${this.type}: call: expected a list of queries, memory and lengths, got ${shown(x)}`);
    const [query, memory, lengths] = x as readonly Tensor[];
    return scope(() => this.attend(query!, memory!, lengths).context);
  }

  /** The means and the weights. @throws ShapeError when the memory does not fit the queries, or the lengths do not fit the memory */
  attend(query: Tensor, memory: Tensor, lengths?: Lengths): Attended {
    checkValue(`${this.type}: query`, query, check.tensor);
    checkValue(`${this.type}: memory`, memory, check.tensor);
    if (query.rank !== 3 || memory.rank !== 3 || query.shape[0] !== memory.shape[0])
      throw new ShapeError(
        `${this.type}: takes queries [batch, queries, features] and a memory [batch, steps, features] of one batch, got ${formatShape(query.shape)} and ${formatShape(memory.shape)}`,
      );
    return scope(() => {
      const ends = lengths === undefined ? undefined : endsOf(this.type, lengths, memory.shape[0]!, memory.shape[1]!);
      const scores = this.scores(query, memory);
      const visible = ends === undefined ? scores : where(expandDims(transpose(ends.mask), 1), scores, -Infinity);
      const weights = softmax(visible);
      const seen = ends === undefined ? memory : where(expandDims(transpose(ends.mask), 2), memory, 0);
      return { context: matmul(weights, seen), weights };
    });
  }

  /** `[batch, queries, steps]`. */
  private scores(query: Tensor, memory: Tensor): Tensor {
    const transposeB = true;
    if (this.score === 'dot') return matmul(query, memory, { transposeB });
    const asked = matmul(query, made(this.type, this.queryKernel).value);
    if (this.score === 'general') return matmul(asked, memory, { transposeB });
    const offered = matmul(memory, made(this.type, this.memoryKernel).value);
    const pairs = tanh(add(expandDims(asked, 2), expandDims(offered, 1)));
    return reshape(matmul(pairs, made(this.type, this.scoreKernel).value), pairs.shape.slice(0, 3));
  }

  children(): [string, Parameter][] {
    if (this.score === 'dot') return [];
    const { queryKernel, memoryKernel, scoreKernel } = this;
    return madeParameters(this.type, { queryKernel, memoryKernel, scoreKernel });
  }

  describe(): LayerCall {
    const { type: layer, score, units } = this;
    return { layer, arguments: [{ score, ...(units !== undefined && { units }) }] };
  }
}

printsAsModel(SequenceAttention, 'SequenceAttention');

/**
 * Attention of a recurrent decoder: `sequenceAttention({ score: 'additive', units: 32 })`. Bahdanau, Cho, Bengio 2015; Luong, Pham, Manning 2015.
 * @throws SinapseError when an option is unknown or out of range
 */
export function sequenceAttention(options: SequenceAttentionOptions = {}): SequenceAttention {
  checkOptions('sequenceAttention', options, OPTIONS);
  return new SequenceAttention(options);
}

// Multi-head attention: each position of a sequence asks others for what it needs, in several ways at once.

import type { LayerCall, OptionChecks, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  ShapeError,
  attention,
  check,
  checkOptions,
  checkValue,
  expandDims,
  formatShape,
  logicalAnd,
  randomKey,
  reshape,
  scope,
  transpose,
} from '@sinapse/core';
import { built, checkInput, checkInputShape } from './build.ts';
import { Dense } from './dense.ts';
import type { Layer } from './layer.ts';
import { callChild, located } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { WeightOptions } from './weights.ts';
import { WEIGHTS, Weights, present } from './weights.ts';

export interface MultiHeadAttentionOptions extends WeightOptions {
  /** The number of heads; an integer >= 1. */
  readonly numHeads: number;
  /** The size of a query and of a key of one head; an integer >= 1. Usually the features divided by `numHeads`. */
  readonly keyDim: number;
  /** The size of a value of one head. Default `keyDim`. */
  readonly valueDim?: number;
  /** The features of the result. Default: those of the query. */
  readonly outputDim?: number;
  /** The rate at which attention weights are dropped in training, within [0, 1). Default 0. */
  readonly dropout?: number;
  /** Whether each position sees only itself and those before it, as in a model that predicts the next token. Default false. */
  readonly causal?: boolean;
}

const MULTI_HEAD_ATTENTION: OptionChecks<MultiHeadAttentionOptions> = {
  numHeads: check.required(check.count),
  keyDim: check.required(check.count),
  valueDim: check.count,
  outputDim: check.count,
  dropout: check.fraction,
  causal: check.flag,
  ...WEIGHTS,
};

/** What a query may see of the other sequence. */
export interface AttendOptions {
  /** The sequence of the keys, `[batch, keys, features]`. Default: that of the values. */
  readonly key?: Tensor;
  /** bool, broadcasts to `[batch, heads, queries, keys]`, e.g. `[queries, keys]`: false where a query must not see a key. */
  readonly mask?: Tensor;
  /** bool `[batch, keys]`: false where the sequence is only padded. */
  readonly padding?: Tensor;
}

const ATTEND: OptionChecks<AttendOptions> = { key: check.tensor, mask: check.tensor, padding: check.tensor };

export class MultiHeadAttention implements Layer {
  readonly type = 'multiHeadAttention';
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly outputDim: number | undefined;
  readonly dropout: number;
  readonly causal: boolean;
  /** The linear maps into all heads. */
  readonly query: Dense;
  readonly key: Dense;
  readonly value: Dense;
  /** The linear map of all heads' results together; made by `build`. */
  output: Dense | undefined;
  private readonly weights: WeightOptions;

  constructor(options: MultiHeadAttentionOptions) {
    const { numHeads, keyDim, valueDim = keyDim, outputDim, dropout = 0, causal = false, ...weights } = options;
    this.numHeads = numHeads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    this.outputDim = outputDim;
    this.dropout = dropout;
    this.causal = causal;
    this.weights = weights;
    this.query = new Dense({ units: numHeads * keyDim, ...weights });
    this.key = new Dense({ units: numHeads * keyDim, ...weights });
    this.value = new Dense({ units: numHeads * valueDim, ...weights });
  }

  /** @param inputShape `[time, features]`; for cross-attention a list of those of the query and of the value, and of the key if it is not the value */
  build(inputShape: Shape, seed?: Seed): Shape;
  build(inputShape: readonly Shape[], seed?: Seed): Shape;
  build(inputShape: Shape | readonly Shape[], seed: Seed = 0): Shape {
    const [query, value, key = value, ...others] = isListOfShapes(inputShape) ? inputShape : [inputShape, inputShape];
    this.checkCount(others);
    for (const shape of [query, value, key]) {
      checkInputShape(this, shape);
      if (shape!.length !== 2)
        throw new ShapeError(`multiHeadAttention: each example must be [time, features], got ${formatShape(shape!)}`);
    }
    const seedKey = randomKey(seed);
    const build = (name: string, layer: Dense, shape: Shape): Shape => located(name, () => layer.build(shape, seedKey.fold(name)));
    build('query', this.query, query!);
    build('key', this.key, key!);
    build('value', this.value, value!);
    this.output = new Dense({ units: this.outputDim ?? query![1]!, ...this.weights });
    return build('output', this.output, [query![0]!, this.numHeads * this.valueDim]);
  }

  /**
   * Self-attention: the positions of a sequence see each other. With a list of a query and a value, cross-attention: see `attend`.
   * @param x float32 `[batch, time, features]`, or a list of the query, the value, and the key if it is not the value
   * @returns `[batch, time, outputDim]`
   */
  call(x: Tensor, context?: Context): Tensor;
  call(x: readonly Tensor[], context?: Context): Tensor;
  call(x: Tensor | readonly Tensor[], context: Context = new Context()): Tensor {
    if (!Array.isArray(x)) {
      checkInput(this, x);
      return this.attend(x, x, context);
    }
    const [query, value, key = value, ...others] = x as readonly Tensor[];
    this.checkCount(others);
    return this.attend(query!, value!, context, { key: key! });
  }

  /**
   * Cross-attention, or self-attention with masks: softmax(query keyᵀ / √keyDim) value in each head, and a linear map of all heads together.
   * @param query float32 `[batch, queries, features]`
   * @param value float32 `[batch, keys, features]`
   * @param context of the call
   * @param options masks, and the keys if they are not the values
   * @returns `[batch, queries, outputDim]`. A position that sees nothing gets the mean of all values
   * @throws ShapeError when the sequences do not fit each other or the layer
   */
  attend(query: Tensor, value: Tensor, context: Context = new Context(), options: AttendOptions = {}): Tensor {
    for (const x of [query, value]) checkInput(this, x);
    checkOptions('multiHeadAttention', options, ATTEND);
    checkValue('multiHeadAttention: context', context, { expected: 'a Context', accepts: (given) => given instanceof Context });
    const { key = value, mask, padding } = options;
    if ([query, key, value].some((x) => x.rank !== 3 || x.shape[0] !== query.shape[0]) || key.shape[1] !== value.shape[1])
      throw new ShapeError(
        `multiHeadAttention: takes [batch, time, features] of one batch, and as many keys as values; got the query ${formatShape(query.shape)}, the key ${formatShape(key.shape)} and the value ${formatShape(value.shape)}`,
      );
    return scope(() => {
      const into = (name: string, layer: Dense, x: Tensor): Tensor => splitHeads(callChild(name, layer, x, context), this.numHeads);
      const drops = context.training && this.dropout > 0;
      const y = attention(into('query', this.query, query), into('key', this.key, key), into('value', this.value, value), {
        mask: visible(mask, padding, key),
        causal: this.causal,
        ...(drops && { dropout: this.dropout, seed: context.key }),
      });
      return callChild('output', builtOutput(this), joinHeads(y), context);
    });
  }

  private checkCount(others: readonly unknown[]): void {
    if (others.length > 0) throw new ShapeError(`multiHeadAttention: takes a list of a query, a value and a key, got ${3 + others.length}`);
  }

  /** The linear maps. */
  children(): [string, Dense][] {
    const { query, key, value } = this;
    return [
      ['query', query],
      ['key', key],
      ['value', value],
      ['output', builtOutput(this)],
    ];
  }

  describe(): LayerCall {
    const { type: layer, numHeads, keyDim, valueDim, outputDim, dropout, causal } = this;
    const weights = new Weights(layer, this.weights).describe();
    return { layer, arguments: [{ numHeads, keyDim, valueDim, ...present({ outputDim }), dropout, causal, ...weights }] };
  }
}

printsAsModel(MultiHeadAttention, 'MultiHeadAttention');

function isListOfShapes(value: Shape | readonly Shape[]): value is readonly Shape[] {
  return Array.isArray(value) && value.length > 1 && value.every(Array.isArray);
}

function builtOutput(layer: MultiHeadAttention): Dense {
  return built(layer, layer.output);
}

/** `[batch, time, heads · size]` to `[batch, heads, time, size]`. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, time, units] = x.shape as readonly [number, number, number];
  return transpose(reshape(x, [batch, time, heads, units / heads]), [0, 2, 1, 3]);
}

/** `[batch, heads, time, size]` to `[batch, time, heads · size]`. */
function joinHeads(x: Tensor): Tensor {
  const [batch, heads, time, size] = x.shape as readonly [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, time, heads * size]);
}

/** The mask and the padding as one mask that broadcasts to `[batch, heads, queries, keys]`. */
function visible(mask: Tensor | undefined, padding: Tensor | undefined, key: Tensor): Tensor | undefined {
  if (padding === undefined) return mask;
  const [batch, keys] = key.shape as readonly [number, number];
  if (padding.dtype !== 'bool' || padding.rank !== 2 || padding.shape[0] !== batch || padding.shape[1] !== keys)
    throw new ShapeError(
      `multiHeadAttention: padding must be bool [${batch}, ${keys}], one for each key, got ${padding.dtype} ${formatShape(padding.shape)}`,
    );
  const ofKeys = expandDims(expandDims(padding, 1), 1);
  return mask === undefined ? ofKeys : logicalAnd(mask, ofKeys);
}

/**
 * Multi-head attention: `multiHeadAttention({ numHeads: 4, keyDim: 16 })`. In a `sequential` it is self-attention; `attend` takes another sequence and
 * masks. Vaswani et al. 2017, section 3.2.
 * @throws SinapseError when an option is unknown or out of range
 */
export function multiHeadAttention(options: MultiHeadAttentionOptions): MultiHeadAttention {
  checkOptions('multiHeadAttention', options, MULTI_HEAD_ATTENTION);
  return new MultiHeadAttention(options);
}

// From one sequence to another: an encoder reads the source, a decoder writes the target token by token and looks at what was read. Sutskever,
// Vinyals, Le 2014; Bahdanau, Cho, Bengio 2015; Luong, Pham, Manning 2015.

import type { LayerCall, OptionChecks, Seed, Shape } from '@sinapse/core';
import {
  Context,
  ShapeError,
  SinapseError,
  Tensor,
  check,
  checkOptions,
  concat,
  expandDims,
  formatShape,
  isTensor,
  randomKey,
  reshape,
  scope,
  shown,
  slice,
  stack,
  tanh,
  tensor,
} from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { callChild, dense, embedding, printsAsModel } from '@sinapse/layers';
import type { RecurrentCell, StepResult } from '../cell.ts';
import type { Beam, BeamSearchOptions } from '../decoding/beam-search.ts';
import { beamSearch } from '../decoding/beam-search.ts';
import { GruCell } from '../gru-cell.ts';
import type { Lengths } from '../lengths.ts';
import { LstmCell } from '../lstm-cell.ts';
import type { Recurrent } from '../recurrent.ts';
import { SHAPE } from '../recurrent.ts';
import { swapTime } from '../time.ts';
import { unroll } from '../unroll.ts';
import { gru, lstm } from '../usual-layers.ts';
import type { SequenceAttention } from './attention.ts';
import { sequenceAttention } from './attention.ts';

export interface Seq2SeqOptions {
  /** The number of tokens of the source. */
  readonly sourceTokens: number;
  /** The number of tokens of the target, with those that begin and end it. */
  readonly targetTokens: number;
  /** The units of encoder and decoder. Default 64. */
  readonly units?: number;
  /** The length of a token's vector. Default 32. */
  readonly embedding?: number;
  /** The kind of both networks. Default `lstm`. */
  readonly cell?: 'lstm' | 'gru';
  /**
   * What the decoder sees of the source beside the encoder's last state. `bahdanau` asks with the state before a step and reads what it gets in
   * that step; `luong` asks with the state after it. Default `luong`.
   */
  readonly attention?: 'bahdanau' | 'luong' | 'none';
}

const SEQ2SEQ: OptionChecks<Seq2SeqOptions> = {
  sourceTokens: check.required(check.count),
  targetTokens: check.required(check.count),
  units: check.count,
  embedding: check.count,
  cell: check.oneOf(['lstm', 'gru']),
  attention: check.oneOf(['bahdanau', 'luong', 'none']),
};

export interface TranslateOptions extends Omit<BeamSearchOptions, 'end'> {
  /** The token that begins every target. */
  readonly start: number;
  /** The token that ends a target. Default: targets have the given length. */
  readonly end?: number;
  /** The length of the source, if it is filled up. */
  readonly lengths?: Lengths;
}

const TRANSLATE: OptionChecks<TranslateOptions> = {
  start: check.required(check.natural),
  end: check.natural,
  length: check.required(check.count),
  width: check.count,
  lengthPenalty: check.notNegative,
  lengths: check.any,
};

/** What the encoder leaves to the decoder. */
interface Encoded {
  /** `[batch, steps, units]`. */
  readonly memory: Tensor;
  readonly state: readonly Tensor[];
  readonly lengths: Lengths | undefined;
}

export class Seq2Seq implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'seq2seq';
  private readonly options: Required<Seq2SeqOptions>;
  private readonly sourceTable: Layer;
  private readonly targetTable: Layer;
  private readonly encoder: Recurrent;
  private readonly decoder: RecurrentCell;
  private readonly attention: SequenceAttention | undefined;
  private readonly combine: Layer;
  private readonly output: Layer;

  constructor({ sourceTokens, targetTokens, units = 64, embedding: size = 32, cell = 'lstm', attention = 'luong' }: Seq2SeqOptions) {
    this.options = { sourceTokens, targetTokens, units, embedding: size, cell, attention };
    this.sourceTable = embedding({ inputDim: sourceTokens, outputDim: size });
    this.targetTable = embedding({ inputDim: targetTokens, outputDim: size });
    this.encoder = (cell === 'lstm' ? lstm : gru)({ units, returnSequences: true });
    this.decoder = cell === 'lstm' ? new LstmCell({ units }) : new GruCell({ units });
    this.attention = attention === 'none' ? undefined : sequenceAttention(attention === 'bahdanau' ? { units } : { score: 'general' });
    this.combine = dense({ units });
    this.output = dense({ units: targetTokens });
  }

  /** @param inputShapes of the source `[steps]` and of the target `[steps]`, and of the lengths `[]` if they are given */
  build(inputShapes: readonly Shape[], seed: Seed = 0): Shape {
    if (!Array.isArray(inputShapes) || inputShapes.length < 2 || !inputShapes.every(SHAPE.accepts))
      throw new SinapseError(`seq2seq: build: inputShape: expected the shapes of source and target, got ${shown(inputShapes)}`);
    const [source, target] = inputShapes.slice(0, 2) as [Shape, Shape];
    if (source.length !== 1 || target.length !== 1)
      throw new ShapeError(`seq2seq: source and target must be [steps], got ${formatShape(source)} and ${formatShape(target)}`);
    const { units, embedding: size, attention, targetTokens } = this.options;
    const key = randomKey(seed);
    this.encoder.build(this.sourceTable.build(source, key.fold('source')), key.fold('encoder'));
    this.targetTable.build(target, key.fold('target'));
    this.decoder.build!([attention === 'bahdanau' ? size + units : size], key.fold('decoder'));
    this.attention?.build([[1, units], [source[0]!, units]], key.fold('attention')); // prettier-ignore
    this.combine.build([attention === 'none' ? units : 2 * units], key.fold('combine'));
    this.output.build([target[0]!, units], key.fold('output'));
    return [target[0]!, targetTokens];
  }

  /**
   * The logits of every token of the target, each from the right tokens before it: teacher forcing (Williams, Zipser 1989).
   * @param x the source int32 `[batch, steps]`, the target shifted by one, int32 `[batch, steps]`: its first token begins it; and the lengths of the
   *   source, int32 `[batch]`, if they differ
   * @returns `[batch, steps, targetTokens]`
   */
  call(x: readonly Tensor[], context: Context = new Context()): Tensor {
    if (!Array.isArray(x) || x.length < 2 || x.length > 3 || !x.every(isTensor))
      throw new SinapseError(`seq2seq: call: expected a list of source, target and lengths, got ${shown(x)}`);
    const [source, target, lengths] = x as readonly Tensor[];
    if (source!.rank !== 2 || target!.rank !== 2 || source!.shape[0] !== target!.shape[0])
      throw new ShapeError(
        `seq2seq: takes source and target [batch, steps] of one batch, got ${formatShape(source!.shape)} and ${formatShape(target!.shape)}`,
      );
    return scope(() => {
      const encoded = this.encode(source!, context, lengths);
      const inputs = swapTime(callChild('target', this.targetTable, target!, context));
      const step = (input: Tensor, state: readonly Tensor[]): StepResult => this.step(input, state, encoded, context);
      const { ys } = unroll('seq2seq', { inputs, step }, encoded.state, { mask: undefined, reverse: false, truncation: undefined });
      return callChild('output', this.output, swapTime(stack(ys)), context);
    });
  }

  /**
   * Finds likely targets of one source by beam search; of width 1 it takes the likeliest token at each step.
   * @param source numbers of tokens
   * @returns targets without the first token, the best first
   * @throws SinapseError when an option is out of range
   */
  async translate(source: ArrayLike<number>, options: TranslateOptions): Promise<Beam[]> {
    checkOptions('translate', options, TRANSLATE);
    if (!(typeof source === 'object' && source !== null && source.length > 0))
      throw new SinapseError(`translate: expected the tokens of a source, got ${shown(source)}`);
    const { start, lengths, ...search } = options;
    const context = new Context();
    const encoded = scope(() => this.encode(tensor(Int32Array.from(source), { shape: [1, source.length] }), context, lengths));
    for (const each of [encoded.memory, ...encoded.state]) each.keep();
    const made: Tensor[] = [encoded.memory, ...encoded.state];
    try {
      return await beamSearch<readonly Tensor[]>(
        encoded.state,
        async (states, tokens) => {
          const { logits, after } = scope(() => this.next(states, tokens.map((token) => token ?? start), encoded, context)); // prettier-ignore
          made.push(...after.flat());
          const values = await logits.data();
          logits.dispose();
          const { targetTokens } = this.options;
          return { logits: states.map((_, i) => values.slice(i * targetTokens, (i + 1) * targetTokens)), states: after };
        },
        search,
      );
    } finally {
      for (const each of made) each.dispose();
    }
  }

  /** The logits after some beginnings, and each one's state. */
  private next(
    states: readonly (readonly Tensor[])[],
    tokens: readonly number[],
    { memory, lengths }: Encoded,
    context: Context,
  ): { logits: Tensor; after: Tensor[][] } {
    const count = states.length;
    const state = states[0]!.map((_, i) => concat(states.map((each) => each[i]!)));
    const inputs = reshape(this.targetTable.call(tensor(Int32Array.from(tokens), { shape: [count, 1] }), context), [count, -1]);
    const repeated = concat(tokens.map(() => memory));
    const repeatedLengths =
      lengths === undefined || isTensor(lengths) ? lengths && concat(tokens.map(() => lengths)) : tokens.flatMap(() => lengths);
    const { y, state: after } = this.step(inputs, state, { memory: repeated, state, lengths: repeatedLengths }, context);
    const own = (i: number): Tensor[] => after.map((each) => slice(each, [{ begin: i, end: i + 1 }]).keep());
    return { logits: this.output.call(y, context).keep(), after: tokens.map((_, i) => own(i)) };
  }

  private encode(source: Tensor, context: Context, lengths: Lengths | undefined): Encoded {
    const vectors = callChild('source', this.sourceTable, source, context);
    const { outputs, state } = this.encoder.run(vectors, { context: context.child('encoder'), ...(lengths && { lengths }) });
    return { memory: outputs, state, lengths };
  }

  /** One step of the decoder. @param x `[batch, embedding]` @returns what the logits are made of, `[batch, units]`, and the state */
  private step(x: Tensor, state: readonly Tensor[], { memory, lengths }: Encoded, context: Context): StepResult {
    const look = (query: Tensor): Tensor => {
      const { context: seen } = this.attention!.attend(expandDims(query, 1), memory, lengths);
      return reshape(seen, [x.shape[0]!, memory.shape[2]!]);
    };
    const kind = this.options.attention;
    const before = kind === 'bahdanau' ? look(state[0]!) : undefined;
    const next = this.decoder.step(before === undefined ? x : concat([x, before], 1), state, context.child('decoder'));
    const seen = kind === 'luong' ? look(next.y) : before;
    const features = seen === undefined ? next.y : concat([seen, next.y], 1);
    return { y: tanh(callChild('combine', this.combine, features, context)), state: next.state };
  }

  children(): [string, object][] {
    const { sourceTable, targetTable, encoder, decoder, attention, combine, output } = this;
    const parts = { source: sourceTable, target: targetTable, encoder, decoder, ...(attention && { attention }), combine, output };
    return Object.entries<object>(parts);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [{ ...this.options }] };
  }
}

printsAsModel(Seq2Seq, 'Seq2Seq');

/**
 * A model from sequences of tokens to others: `seq2seq({ sourceTokens: 10, targetTokens: 12 })`. It is trained with the right target shifted by one
 * beside the source, and `translate` then writes targets by itself.
 * @throws SinapseError when an option is unknown or out of range
 */
export function seq2seq(options: Seq2SeqOptions): Seq2Seq {
  checkOptions('seq2seq', options, SEQ2SEQ);
  return new Seq2Seq(options);
}

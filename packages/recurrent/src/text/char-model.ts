// A model of text, character by character: it gives the logits of the next character at every place. Sutskever, Martens, Hinton 2011; Graves 2013.

import type { LayerCall, OptionChecks, Seed, Shape } from '@sinapse/core';
import { Context, RandomStream, SinapseError, Tensor, check, checkOptions, checkValue, randomKey, scope, tensor } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { callChild, dense, embedding, outputShapeOf, printsAsModel } from '@sinapse/layers';
import type { SamplingOptions } from '../decoding/sampling.ts';
import { SAMPLING, sampleToken } from '../decoding/sampling.ts';
import type { Recurrent } from '../recurrent.ts';
import { SHAPE } from '../recurrent.ts';
import { gru, lstm } from '../usual-layers.ts';
import { UNKNOWN, checkVocabulary, decodeText, encodeText } from './vocabulary.ts';

export interface CharModelOptions {
  /** The characters, as `vocabularyOf(text)` gives them. */
  readonly vocabulary: readonly string[];
  /** The units of each recurrent layer. Default 128. */
  readonly units?: number;
  /** The number of recurrent layers. Default 1. */
  readonly layers?: number;
  /** The length of a character's vector. Default 32. */
  readonly embedding?: number;
  /** The kind of the recurrent layers. Default `lstm`. */
  readonly cell?: 'lstm' | 'gru';
  /** The rate at which features are dropped before each recurrent layer in training. Default 0. */
  readonly dropout?: number;
}

const CHAR_MODEL: OptionChecks<CharModelOptions> = {
  vocabulary: check.required(check.any),
  units: check.count,
  layers: check.count,
  embedding: check.count,
  cell: check.oneOf(['lstm', 'gru']),
  dropout: check.fraction,
};

export interface GenerateOptions extends SamplingOptions {
  /** How many characters are written after the prompt. Default 200. */
  readonly length?: number;
  /** The seed of the random choices. Default 0. */
  readonly seed?: Seed;
}

const GENERATE: OptionChecks<GenerateOptions> = { ...SAMPLING, length: check.count, seed: check.seed };

/** A text that a model has written. */
export interface Generated {
  /** The prompt and what follows it. A character of the prompt that the model never saw is replaced by U+FFFD. */
  readonly text: string;
  /** The characters of the prompt that the model never saw. */
  readonly unknown: readonly string[];
}

type States = readonly (readonly Tensor[])[];

export class CharModel implements Layer {
  readonly type = 'charModel';
  readonly vocabulary: readonly string[];
  private readonly options: Required<Omit<CharModelOptions, 'vocabulary'>>;
  private readonly table: Layer;
  private readonly layers: readonly Recurrent[];
  private readonly output: Layer;

  constructor({ vocabulary, units = 128, layers = 1, embedding: size = 32, cell = 'lstm', dropout = 0 }: CharModelOptions) {
    this.vocabulary = vocabulary;
    this.options = { units, layers, embedding: size, cell, dropout };
    this.table = embedding({ inputDim: vocabulary.length, outputDim: size });
    const make = cell === 'lstm' ? lstm : gru;
    this.layers = Array.from({ length: layers }, () => make({ units, dropout, returnSequences: true }));
    this.output = dense({ units: vocabulary.length });
  }

  /** @param inputShape `[time]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkValue('charModel: build: inputShape', inputShape, SHAPE);
    const key = randomKey(seed);
    let shape = inputShape;
    for (const [name, layer] of this.children()) shape = layer.build(shape, key.fold(name));
    return outputShapeOf(this, inputShape);
  }

  /** @param x int32 `[batch, time]`, numbers of characters @returns logits of the next character, `[batch, time, characters]` */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return scope(() => {
      let y = callChild('embedding', this.table, x, context);
      this.layers.forEach((layer, i) => (y = callChild(nameOf(i), layer, y, context)));
      return callChild('output', this.output, y, context);
    });
  }

  /**
   * Writes on after a prompt.
   * @throws SinapseError when the prompt is empty or an option is out of range
   */
  async generate(prompt: string, options: GenerateOptions = {}): Promise<Generated> {
    checkOptions('generate', options, GENERATE);
    if (typeof prompt !== 'string' || prompt === '') throw new SinapseError('generate: the prompt must have at least one character');
    const { length = 200, seed = 0, ...sampling } = options;
    const random = new RandomStream(randomKey(seed));
    const { ids, unknown } = encodeText(prompt, this.vocabulary);
    const written = [...ids];
    let { logits, states } = this.continue(ids);
    for (let i = 0; i < length; i++) {
      const values = (await logits.data()).slice(1); // the unknown character is never written
      logits.dispose();
      const token = 1 + sampleToken(values, sampling, random.uniform());
      written.push(token);
      if (i + 1 < length) ({ logits, states } = this.continue([token], states));
    }
    dispose(states);
    return { text: decodeText(written, this.vocabulary), unknown: unknown.filter((each) => each !== UNKNOWN) };
  }

  /** Reads characters from a state on, and disposes of it. The caller disposes of what it returns. */
  private continue(ids: ArrayLike<number>, states?: States): { logits: Tensor; states: States } {
    const result = scope(() => {
      const context = new Context();
      let y = this.table.call(tensor(Int32Array.from(ids), { shape: [1, ids.length] }), context);
      const after = this.layers.map((layer, i) => {
        const { outputs, state } = layer.run(y, { context, ...(states && { initialState: states[i]! }) });
        y = outputs;
        return state;
      });
      const logits = this.output.call(y.slice([0, -1]).reshape([1, -1]), context).reshape([-1]);
      return { logits: logits.keep(), states: after.map((state) => state.map((each) => each.keep())) };
    });
    if (states !== undefined) dispose(states);
    return result;
  }

  children(): [string, Layer][] {
    return [['embedding', this.table], ...this.layers.map((layer, i): [string, Layer] => [nameOf(i), layer]), ['output', this.output]];
  }

  describe(): LayerCall {
    const { type: layer, vocabulary, options } = this;
    return { layer, arguments: [{ vocabulary: [...vocabulary], ...options }] };
  }
}

printsAsModel(CharModel, 'CharModel');

const nameOf = (i: number): string => `recurrent${i + 1}`;

function dispose(states: States): void {
  for (const state of states.flat()) state.dispose();
}

/**
 * A model of text: `charModel({ vocabulary: vocabularyOf(text) })`. Train it on `textWindows` with `sequenceCrossEntropy`; `generate` writes on after a
 * prompt.
 * @throws SinapseError when an option is unknown or out of range
 */
export function charModel(options: CharModelOptions): CharModel {
  checkOptions('charModel', options, CHAR_MODEL);
  checkVocabulary('charModel', options.vocabulary);
  return new CharModel(options);
}

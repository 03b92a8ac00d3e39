// A cell over whole sequences.

import type { Check, LayerCall, OptionChecks, Parameter, Seed, Shape } from '@sinapse/core';
import {
  Context,
  ShapeError,
  SinapseError,
  State,
  Tensor,
  check,
  checkOptions,
  checkValue,
  formatShape,
  isTensor,
  mul,
  randomKey,
  reshape,
  sameShape,
  scope,
  shown,
  slice,
  stack,
  where,
} from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { outputShapeOf, printsAsModel } from '@sinapse/layers';
import type { RecurrentCell } from './cell.ts';
import { CELL, begin } from './cell.ts';
import { dropMask } from './cell-weights.ts';
import type { Ends, Lengths } from './lengths.ts';
import { endsOf } from './lengths.ts';
import { swapTime } from './time.ts';
import { unroll } from './unroll.ts';

export interface SequenceOptions {
  /** Whether `call` gives the outputs of all steps, `[batch, time, …]`, or that of the last one, `[batch, …]`. Default false. */
  readonly returnSequences?: boolean;
  /** Whether the sequence is read from its end. The outputs stay at the places of their inputs. Default false. */
  readonly reverse?: boolean;
  /** The rate at which features of the input are dropped in training, within [0, 1): the same ones in all steps of a sequence. Default 0. */
  readonly dropout?: number;
  /** Whether a batch begins with the state at which the batch before it ended, sequence by sequence. It needs `batchSize`. Default false. */
  readonly stateful?: boolean;
  /** The number of sequences of every batch, where `stateful` is true. */
  readonly batchSize?: number;
  /** Truncated back-propagation through time: the gradient goes through at most so many steps. Default: through the whole sequence. */
  readonly truncation?: number;
}

/** The checks of the options. */
export const SEQUENCE: OptionChecks<SequenceOptions> = {
  returnSequences: check.flag,
  reverse: check.flag,
  dropout: check.fraction,
  stateful: check.flag,
  batchSize: check.count,
  truncation: check.count,
};

export interface RunOptions {
  readonly context?: Context;
  /** How long each sequence is; what follows is only filled up. Default: all have the time of the batch. */
  readonly lengths?: Lengths;
  /** The state before the first step. Default: that of the cell, or where a stateful layer stands. */
  readonly initialState?: readonly Tensor[];
}

const TENSORS: Check = { expected: 'a list of tensors', accepts: (value) => Array.isArray(value) && value.every(isTensor) };
const RUN: OptionChecks<RunOptions> = {
  context: { expected: 'the context of the call', accepts: (value) => value instanceof Context },
  lengths: check.any,
  initialState: TENSORS,
};

/** What a layer makes of sequences. */
export interface SequenceResult {
  /** The output of each step, `[batch, time, …]`; zeros after the end of a sequence. */
  readonly outputs: Tensor;
  /** The output of the step that each sequence took last, `[batch, …]`. */
  readonly last: Tensor;
  /** The state after it. */
  readonly state: readonly Tensor[];
}

/** A result whose outputs are put together only where they are wanted. */
interface LazyResult extends Omit<SequenceResult, 'outputs'> {
  readonly outputs: () => Tensor;
}

/** Sequences, or a list of them and their lengths, int32 `[batch]`. */
export type SequenceInput = Tensor | readonly Tensor[];

/** Makes a layer again, unbuilt, with another direction. */
export type Again = (reverse: boolean) => Recurrent;

export class Recurrent implements Layer {
  readonly type: string;
  readonly cell: RecurrentCell;
  readonly returnSequences: boolean;
  readonly reverse: boolean;
  /** The same layer in the other direction, unbuilt; undefined where the cell is one's own. */
  readonly reversed: (() => Recurrent) | undefined;
  /** The call that makes it; undefined where the cell is one's own. */
  describe?: () => LayerCall;
  private readonly options: SequenceOptions;
  /** Where a stateful layer stands; made by `build`. */
  private states: readonly State[] = [];

  constructor(type: string, cell: RecurrentCell, options: SequenceOptions, again?: Again, described?: LayerCall) {
    if (options.stateful === true && options.batchSize === undefined)
      throw new SinapseError(`${type}: a stateful layer keeps a state for each sequence of the batch; give it batchSize`);
    this.type = type;
    this.cell = cell;
    this.options = options;
    this.returnSequences = options.returnSequences ?? false;
    this.reverse = options.reverse ?? false;
    this.reversed = again && (() => again(!this.reverse));
    if (described !== undefined) this.describe = () => described;
  }

  /** @param inputShape `[time, …]`, or a list of it and of that of the lengths, `[]` */
  build(inputShape: readonly Shape[], seed?: Seed): Shape;
  build(inputShape: Shape, seed?: Seed): Shape;
  build(inputShape: Shape | readonly Shape[], seed: Seed = 0): Shape {
    const shape = (
      Array.isArray(inputShape) && Array.isArray(inputShape[0]) && inputShape.length === 2 ? inputShape[0] : inputShape
    ) as Shape;
    checkValue(`${this.type}: build: inputShape`, shape, SHAPE);
    if (shape.length < 2) throw new ShapeError(`${this.type}: each example must be [time, features], got ${formatShape(shape)}`);
    this.cell.build?.(shape.slice(1), randomKey(seed).fold('cell'));
    const { batchSize, stateful } = this.options;
    if (stateful === true) this.states = scope(() => this.cell.initialState(batchSize!).map((each) => new State(each)));
    const call = (x: Tensor, context: Context): Tensor =>
      this.chosen(this.read(x, context, undefined, this.cell.initialState(x.shape[0]!)));
    return outputShapeOf({ type: this.type, cell: this.cell, call, build: () => shape } as Layer, shape);
  }

  /**
   * The output of the last step, or of every step.
   * @param x float32 `[batch, time, …]`, or a list of it and the lengths, int32 `[batch]`
   * @returns `[batch, …]`, or `[batch, time, …]` where `returnSequences` is true
   */
  call(x: readonly Tensor[], context?: Context): Tensor;
  call(x: Tensor, context?: Context): Tensor;
  call(x: SequenceInput, context: Context = new Context()): Tensor {
    const [sequences, lengths] = partsOf(this.type, x);
    return scope(() => this.chosen(this.given(sequences, { context, ...(lengths && { lengths }) })));
  }

  /**
   * Everything that the layer makes of sequences: outputs, the last one, and the state, from which another call can go on.
   * @param x float32 `[batch, time, …]`
   * @throws ShapeError when the lengths, or the tensors of the initial state, do not fit the batch
   */
  run(x: Tensor, options: RunOptions = {}): SequenceResult {
    return scope(() => {
      const { outputs, last, state } = this.given(x, options);
      return { outputs: outputs(), last, state };
    });
  }

  /** Reads checked sequences. */
  private given(x: Tensor, options: RunOptions): LazyResult {
    checkTensorInput(this.type, x);
    checkOptions(this.type, options, RUN);
    if (x.rank < 3 || x.shape[1] === 0)
      throw new ShapeError(`${this.type}: takes [batch, time, features] with at least one step, got ${formatShape(x.shape)}`);
    const { context = new Context(), lengths, initialState } = options;
    const [batch, time] = x.shape as readonly [number, number];
    const ends = lengths === undefined ? undefined : endsOf(this.type, lengths, batch, time);
    const result = this.read(x, context, ends, this.checked(initialState ?? this.stateFor(batch, context), batch));
    if (initialState === undefined) this.states.forEach((state, i) => context.update(state, result.state[i]!));
    return result;
  }

  /** Puts a stateful layer back to the beginning of its sequences. */
  resetStates(): void {
    const { states, cell, options } = this;
    scope(() => states.length > 0 && cell.initialState(options.batchSize!).forEach((each, i) => states[i]!.assign(each)));
  }

  children(): [string, RecurrentCell | State | Parameter][] {
    return [['cell', this.cell], ...this.states.map((state, i): [string, State] => [`state${i}`, state])];
  }

  private chosen({ outputs, last }: LazyResult): Tensor {
    return this.returnSequences ? outputs() : last;
  }

  private stateFor(batch: number, context: Context): readonly Tensor[] {
    const { batchSize, stateful } = this.options;
    if (stateful !== true) return this.cell.initialState(batch);
    if (batch !== batchSize)
      throw new ShapeError(`${this.type}: is stateful and keeps the states of ${batchSize} sequences, but the batch has ${batch}`);
    return this.states.map((state) => context.latest(state));
  }

  /** @throws ShapeError unless a state has the shapes of the cell's own */
  private checked(state: readonly Tensor[], batch: number): readonly Tensor[] {
    const own = scope(() => this.cell.initialState(batch).map(({ shape }) => shape));
    const shapes = (each: readonly Shape[]): string => each.map(formatShape).join(', ');
    if (state.length !== own.length || state.some(({ shape }, i) => !sameShape(shape, own[i]!)))
      throw new ShapeError(`${this.type}: the state must be ${shapes(own)}, got ${shapes(state.map(({ shape }) => shape))}`);
    return state;
  }

  private read(x: Tensor, context: Context, ends: Ends | undefined, state: readonly Tensor[]): LazyResult {
    const { cell, reverse, options } = this;
    const { dropout = 0, truncation } = options;
    const mask = ends?.mask;
    const xs = this.dropped(cleaned(swapTime(x), mask), dropout, context);
    const whole = truncation === undefined ? cell.whole?.(xs, state, { context, lengths: ends?.lengths, reverse }) : undefined;
    if (whole !== undefined) {
      const final = whole.map((each) => slice(each, [reverse ? 0 : -1]));
      return { outputs: () => swapTime(cleaned(whole[0]!, mask)), last: final[0]!, state: final };
    }
    const { ys, last, state: after } = unroll(this.type, begin(cell, xs, context), state, { mask, reverse, truncation });
    return { outputs: () => swapTime(stack(ys)), last, state: after };
  }

  private dropped(xs: Tensor, rate: number, context: Context): Tensor {
    if (!context.training || rate === 0) return xs;
    return mul(xs, dropMask(rate, xs, [1, ...xs.shape.slice(1)], context.key.fold('dropout')));
  }
}

printsAsModel(Recurrent, 'Recurrent');

/** The check of an input shape. */
export const SHAPE: Check = {
  expected: 'the shape of one example, e.g. [28, 28, 1]',
  accepts: (value) => Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0),
};

/** Zeros where a sequence was filled up, so that nothing depends on what stands there, even if it is not finite. */
function cleaned(xs: Tensor, mask: Tensor | undefined): Tensor {
  return mask === undefined ? xs : where(reshape(mask, [...mask.shape, ...xs.shape.slice(2).map(() => 1)]), xs, 0);
}

/** @throws SinapseError unless it is a tensor */
function checkTensorInput(type: string, x: unknown): asserts x is Tensor {
  if (!isTensor(x)) throw new SinapseError(`${type}: call: expected a tensor [batch, …], got ${shown(x)}`);
}

/** The sequences and the lengths that `call` was given. */
export function partsOf(type: string, x: SequenceInput): readonly [Tensor, Tensor | undefined] {
  if (!Array.isArray(x) || x.length !== 2) {
    checkTensorInput(type, x);
    return [x, undefined];
  }
  const [sequences, lengths] = x as readonly Tensor[];
  checkTensorInput(type, sequences);
  checkTensorInput(type, lengths);
  return [sequences, lengths];
}

/**
 * Runs a cell over sequences: `rnn(cell, { returnSequences: true })`. The cell may be one's own, an object with `initialState` and `step`.
 * @throws SinapseError when the cell is none, or an option is unknown or out of range
 */
export function rnn(cell: RecurrentCell, options: SequenceOptions = {}): Recurrent {
  checkValue('rnn: cell', cell, CELL);
  checkOptions('rnn', options, SEQUENCE);
  return new Recurrent('rnn', cell, options);
}

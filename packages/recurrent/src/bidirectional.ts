// Two layers over the same sequences, one from the beginning and one from the end. Schuster, Paliwal 1997, "Bidirectional recurrent neural networks".

import type { LayerCall, OptionChecks, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, add, check, checkOptions, concat, mul, randomKey, scope, shown } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { outputShapeOf, printsAsModel } from '@sinapse/layers';
import type { RunOptions, SequenceInput, SequenceResult } from './recurrent.ts';
import { Recurrent, partsOf } from './recurrent.ts';

export interface BidirectionalOptions {
  /** How the outputs of the two directions become one. Default `concat`, side by side. */
  readonly merge?: 'concat' | 'add' | 'multiply' | 'average';
  /** The layer that reads from the end. Default: one like the other; a layer with a cell of your own needs it. */
  readonly backward?: Recurrent;
}

const BIDIRECTIONAL: OptionChecks<BidirectionalOptions> = {
  merge: check.oneOf(['concat', 'add', 'multiply', 'average']),
  backward: { expected: 'a recurrent layer with reverse: true', accepts: (value) => value instanceof Recurrent && value.reverse },
};

const MERGES: Readonly<Record<NonNullable<BidirectionalOptions['merge']>, (a: Tensor, b: Tensor) => Tensor>> = {
  concat: (a, b) => concat([a, b], -1),
  add,
  multiply: mul,
  average: (a, b) => mul(add(a, b), 0.5),
};

export class Bidirectional implements Layer {
  readonly type = 'bidirectional';
  readonly forward: Recurrent;
  readonly backward: Recurrent;
  readonly merge: NonNullable<BidirectionalOptions['merge']>;

  constructor(forward: Recurrent, { merge = 'concat', backward = forward.reversed?.() }: BidirectionalOptions) {
    if (forward.reverse) throw new SinapseError('bidirectional: its first layer reads from the beginning; leave out reverse');
    if (backward === undefined)
      throw new SinapseError(
        'bidirectional: a layer with a cell of your own needs another one: { backward: rnn(cell, { reverse: true }) }',
      );
    if (backward.returnSequences !== forward.returnSequences)
      throw new SinapseError('bidirectional: both layers must have the same returnSequences');
    this.forward = forward;
    this.backward = backward;
    this.merge = merge;
  }

  build(inputShape: readonly Shape[], seed?: Seed): Shape;
  build(inputShape: Shape, seed?: Seed): Shape;
  build(inputShape: Shape | readonly Shape[], seed: Seed = 0): Shape {
    const key = randomKey(seed);
    this.forward.build(inputShape as Shape, key.fold('forward'));
    this.backward.build(inputShape as Shape, key.fold('backward'));
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    return outputShapeOf(this, shape);
  }

  /** The merged outputs. @param x float32 `[batch, time, …]`, or a list of it and the lengths, int32 `[batch]` */
  call(x: readonly Tensor[], context?: Context): Tensor;
  call(x: Tensor, context?: Context): Tensor;
  call(x: SequenceInput, context: Context = new Context()): Tensor {
    const [sequences, lengths] = partsOf(this.type, x);
    return scope(() => {
      const { outputs, last } = this.run(sequences, { context, ...(lengths && { lengths }) });
      return this.forward.returnSequences ? outputs : last;
    });
  }

  /** The merged outputs, and the states of both directions, those of the first layer first. */
  run(x: Tensor, options: RunOptions = {}): SequenceResult {
    const { context = new Context(), initialState, ...rest } = options;
    const merge = MERGES[this.merge];
    const half = initialState && initialState.length / 2;
    const ofHalf = (begin: boolean): RunOptions =>
      initialState === undefined ? {} : { initialState: begin ? initialState.slice(0, half) : initialState.slice(half) };
    return scope(() => {
      const forward = this.forward.run(x, { ...rest, ...ofHalf(true), context: context.child('forward') });
      const backward = this.backward.run(x, { ...rest, ...ofHalf(false), context: context.child('backward') });
      return {
        outputs: merge(forward.outputs, backward.outputs),
        last: merge(forward.last, backward.last),
        state: [...forward.state, ...backward.state],
      };
    });
  }

  children(): [string, Recurrent][] {
    return [
      ['forward', this.forward],
      ['backward', this.backward],
    ];
  }

  describe(): LayerCall {
    const { type: layer, merge, forward, backward } = this;
    return { layer, arguments: [forward, { merge, backward }] };
  }
}

printsAsModel(Bidirectional, 'Bidirectional');

/**
 * A layer and its mirror image: `bidirectional(lstm({ units: 32, returnSequences: true }))`. Schuster, Paliwal 1997; Graves, Schmidhuber 2005.
 * @throws SinapseError when the layer is not a recurrent one, or an option is unknown
 */
export function bidirectional(layer: Recurrent, options: BidirectionalOptions = {}): Bidirectional {
  if (!(layer instanceof Recurrent))
    throw new SinapseError(`bidirectional: expected a recurrent layer, e.g. lstm({ units: 8 }), got ${shown(layer)}`);
  checkOptions('bidirectional', options, BIDIRECTIONAL);
  return new Bidirectional(layer, options);
}

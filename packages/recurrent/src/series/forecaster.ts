// A network that foresees the next values of a series: all at once, or one after another from its own answers.

import type { LayerCall, OptionChecks, Seed, Shape } from '@sinapse/core';
import {
  Context,
  ShapeError,
  SinapseError,
  Tensor,
  add,
  check,
  checkOptions,
  checkValue,
  concat,
  expandDims,
  formatShape,
  isTensor,
  mean,
  randomKey,
  scope,
  shown,
  slice,
  sqrt,
  square,
  sub,
  div,
  mul,
} from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { callChild, dense, outputShapeOf, printsAsModel } from '@sinapse/layers';
import type { Recurrent } from '../recurrent.ts';
import { SHAPE } from '../recurrent.ts';
import { gru, lstm } from '../usual-layers.ts';

export interface ForecasterOptions {
  /** Steps that are foreseen. Default 1. */
  readonly horizon?: number;
  /** The units of the recurrent network. Default 32. */
  readonly units?: number;
  /** Its kind. Default `lstm`. */
  readonly cell?: 'lstm' | 'gru';
  /**
   * `direct` foresees all steps from the state after the window (default). `iterated` foresees one, takes it for the next value, and goes on; it
   * takes series of one column.
   */
  readonly head?: 'direct' | 'iterated';
  /** The column that is foreseen. Default 0. */
  readonly target?: number;
}

const FORECASTER: OptionChecks<ForecasterOptions> = {
  horizon: check.count,
  units: check.count,
  cell: check.oneOf(['lstm', 'gru']),
  head: check.oneOf(['direct', 'iterated']),
  target: check.natural,
};

export class Forecaster implements Layer {
  readonly type = 'forecaster';
  readonly horizon: number;
  private readonly options: Required<ForecasterOptions>;
  private readonly network: Recurrent;
  private readonly head: Layer;

  constructor({ horizon = 1, units = 32, cell = 'lstm', head = 'direct', target = 0 }: ForecasterOptions) {
    this.options = { horizon, units, cell, head, target };
    this.horizon = horizon;
    this.network = (cell === 'lstm' ? lstm : gru)({ units });
    this.head = dense({ units: head === 'direct' ? horizon : 1 });
  }

  /** @param inputShape `[window, columns]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkValue('forecaster: build: inputShape', inputShape, SHAPE);
    const [window, columns] = inputShape as readonly [number, number];
    if (inputShape.length !== 2 || window === 0)
      throw new ShapeError(`forecaster: each example must be [window, columns], got ${formatShape(inputShape)}`);
    const { head, target } = this.options;
    if (target >= columns) throw new ShapeError(`forecaster: target: the series has the columns 0 to ${columns - 1}, got ${target}`);
    if (head === 'iterated' && columns !== 1)
      throw new ShapeError(`forecaster: the iterated head foresees series of one column, got ${columns}; take head: 'direct'`);
    const key = randomKey(seed);
    this.head.build(this.network.build(inputShape, key.fold('network')), key.fold('head'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * The next values of the target column. Each window is shifted and scaled to mean 0 and deviation 1 first, and the answer shifted and scaled back, so
   * that the level of a series does not matter.
   * @param x float32 `[batch, window, columns]`
   * @returns `[batch, horizon]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    if (!isTensor(x)) throw new SinapseError(`forecaster: call: expected a tensor [batch, …], got ${shown(x)}`);
    return scope(() => {
      const level = mean(x, { axis: 1, keepDims: true });
      const centred = sub(x, level);
      const spread = sqrt(add(mean(square(centred), { axis: 1, keepDims: true }), 1e-6));
      const answers = this.foresee(div(centred, spread), context);
      const column = (each: Tensor): Tensor => slice(each, [null, 0, { begin: this.options.target, end: this.options.target + 1 }]);
      return add(mul(answers, column(spread)), column(level));
    });
  }

  private foresee(x: Tensor, context: Context): Tensor {
    if (this.options.head === 'direct') return callChild('head', this.head, callChild('network', this.network, x, context), context);
    const inner = context.child('network');
    let { last, state } = this.network.run(x, { context: inner });
    const answers: Tensor[] = [];
    for (let step = 0; step < this.horizon; step++) {
      const answer = callChild('head', this.head, last, context);
      answers.push(answer);
      if (step + 1 < this.horizon) ({ last, state } = this.network.run(expandDims(answer, 1), { context: inner, initialState: state }));
    }
    return concat(answers, 1);
  }

  children(): [string, Layer][] {
    return [
      ['network', this.network],
      ['head', this.head],
    ];
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [{ ...this.options }] };
  }
}

printsAsModel(Forecaster, 'Forecaster');

/**
 * A network that foresees a series: `forecaster({ horizon: 12 })`, trained on `seriesWindows(series, { window: 48, horizon: 12 })` with the mean squared
 * error.
 * @throws SinapseError when an option is unknown or out of range
 */
export function forecaster(options: ForecasterOptions = {}): Forecaster {
  checkOptions('forecaster', options, FORECASTER);
  return new Forecaster(options);
}

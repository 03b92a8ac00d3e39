// Long short-term memory: a memory that gates write, keep and show. Hochreiter, Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000 (forget gate).

import type { OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  add,
  check,
  checkOptions,
  linear,
  matmul,
  lstmCell as memoryStep,
  lstm as sequenceOf,
  mul,
  randomKey,
  sigmoid,
  split,
  tanh,
  zeros,
} from '@sinapse/core';
import type { Initializer } from '@sinapse/layers';
import { initializers, makeParameter } from '@sinapse/layers';
import type { Reading, RecurrentCell, StepResult, UnrolledCell } from './cell.ts';
import { onlyStep } from './cell.ts';
import type { CellOptions } from './cell-weights.ts';
import { CELL_OPTIONS, dropsState, featuresOf, made, madeParameters, makeWeights, stateDropout } from './cell-weights.ts';

export interface LstmCellOptions extends CellOptions {
  /** Whether the gates see the memory: input and forget gate that before the step, the output gate that after. Gers, Schmidhuber 2000. Default false. */
  readonly peepholes?: boolean;
  /** The length to which the output is projected, which is the state that meets the weights. Sak, Senior, Beaufays 2014. Default: no projection. */
  readonly projection?: number;
  /** Whether the bias of the forget gate begins at 1, so that a new network keeps its memory. Jozefowicz, Zaremba, Sutskever 2015. Default true. */
  readonly unitForgetBias?: boolean;
}

/** The checks of the options. */
export const LSTM_CELL: OptionChecks<LstmCellOptions> = {
  ...CELL_OPTIONS,
  peepholes: check.flag,
  projection: check.count,
  unitForgetBias: check.flag,
};

/** Zeros, and ones for the forget gate. */
export const unitForget: Initializer = (shape) => {
  const [all] = shape as readonly [number];
  return Float32Array.from({ length: all }, (_, i) => (i >= all / 4 && i < all / 2 ? 1 : 0));
};

export class LstmCell implements RecurrentCell {
  readonly type = 'lstmCell';
  readonly units: number;
  /** `[features, 4 · units]`: input gate, forget gate, candidate, output gate. Undefined until built, as are the others. */
  kernel: Parameter | undefined;
  /** `[output, 4 · units]`. */
  recurrentKernel: Parameter | undefined;
  /** `[4 · units]`; undefined if `useBias` is false. */
  bias: Parameter | undefined;
  /** `[3, units]`, how input, forget and output gate see the memory; undefined without peepholes. */
  peepholes: Parameter | undefined;
  /** `[units, projection]`; undefined without a projection. */
  projection: Parameter | undefined;
  private readonly options: LstmCellOptions;

  constructor(options: LstmCellOptions) {
    this.options = options;
    this.units = options.units;
  }

  /** The length of the output. */
  get outputs(): number {
    return this.options.projection ?? this.units;
  }

  build(inputShape: Shape, seed: Seed = 0): void {
    const { units, outputs, options } = this;
    const key = randomKey(seed);
    const bias = (options.unitForgetBias ?? true) ? unitForget : initializers.zeros;
    const features = featuresOf(this.type, inputShape);
    Object.assign(this, makeWeights(options, { features, gates: 4, recurrent: outputs, bias }, seed));
    const glorot = initializers.glorotUniform;
    this.peepholes = options.peepholes === true ? makeParameter([3, units], glorot, key.fold('peepholes')) : undefined;
    this.projection = options.projection === undefined ? undefined : makeParameter([units, outputs], glorot, key.fold('projection'));
  }

  /** The output h `[batch, outputs]` and the memory c `[batch, units]`. */
  initialState(batch: number): readonly Tensor[] {
    return [zeros([batch, this.outputs]), zeros([batch, this.units])];
  }

  begin(xs: Tensor, context: Context): UnrolledCell {
    const [kernel, recurrent] = [made(this.type, this.kernel).value, made(this.type, this.recurrentKernel).value];
    const drop = stateDropout(this.options.recurrentDropout ?? 0, xs, [xs.shape[1]!, this.outputs], context);
    const memory = this.peepholes === undefined ? memoryStep : peeping(this.peepholes.value);
    const projection = this.projection?.value;
    return {
      inputs: linear(xs, kernel, this.bias?.value),
      step: (x, [h, c]) => {
        const next = memory(add(x, matmul(drop(h!), recurrent)), c!);
        const y = projection === undefined ? next.h : matmul(next.h, projection);
        return { y, state: [y, next.c] };
      },
    };
  }

  whole(xs: Tensor, [h, c]: readonly Tensor[], { context, lengths, reverse }: Reading): readonly Tensor[] | undefined {
    if (this.peepholes !== undefined || this.projection !== undefined || dropsState(this.options, context)) return undefined;
    const inputs = linear(xs, made(this.type, this.kernel).value, this.bias?.value);
    const weight = made(this.type, this.recurrentKernel).value;
    const after = sequenceOf(inputs, weight, h!, c!, { reverse, ...(lengths && { lengths }) });
    return [after.h, after.c];
  }

  /** i, f, o = σ(x W + h U + b), g = tanh(x W + h U + b); c' = f c + i g; h' = o tanh(c'). @param x `[batch, features]` */
  step(x: Tensor, state: readonly Tensor[], context: Context = new Context()): StepResult {
    return onlyStep(this, x, state, context);
  }

  children(): [string, Parameter][] {
    const { kernel, recurrentKernel, bias, peepholes, projection } = this;
    return madeParameters(this.type, { kernel, recurrentKernel, bias, peepholes, projection });
  }
}

/** The step of the memory whose gates see it. @param weights `[3, units]` */
function peeping(weights: Tensor): (gates: Tensor, c: Tensor) => { h: Tensor; c: Tensor } {
  const [ofInput, ofForget, ofOutput] = split(weights, 3) as [Tensor, Tensor, Tensor];
  return (gates, c) => {
    const [i, f, g, o] = split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const kept = mul(sigmoid(add(f, mul(ofForget, c))), c);
    const next = add(kept, mul(sigmoid(add(i, mul(ofInput, c))), tanh(g)));
    return { h: mul(sigmoid(add(o, mul(ofOutput, next))), tanh(next)), c: next };
  };
}

/**
 * One step of an LSTM. Hochreiter, Schmidhuber 1997, "Long short-term memory"; with the forget gate of Gers, Schmidhuber, Cummins 2000.
 * @throws SinapseError when an option is unknown or out of range
 */
export function lstmCell(options: LstmCellOptions): LstmCell {
  checkOptions('lstmCell', options, LSTM_CELL);
  return new LstmCell(options);
}

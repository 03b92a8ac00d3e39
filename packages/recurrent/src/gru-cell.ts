// The gated recurrent unit: a state that one gate overwrites in part, and another hides from the candidate.

import type { OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  add,
  check,
  checkOptions,
  linear,
  matmul,
  mul,
  randomKey,
  sigmoid,
  slice,
  gruCell as stateStep,
  gru as sequenceOf,
  fillAt,
  sub,
  tanh,
  zeros,
} from '@sinapse/core';
import { initializers, makeParameter } from '@sinapse/layers';
import type { Reading, RecurrentCell, StepResult, UnrolledCell } from './cell.ts';
import { onlyStep } from './cell.ts';
import type { CellOptions } from './cell-weights.ts';
import { CELL_OPTIONS, dropsState, featuresOf, made, madeParameters, makeWeights, stateDropout } from './cell-weights.ts';

export interface GruCellOptions extends CellOptions {
  /** Whether the reset gate acts after the product with the state, as in cuDNN, PyTorch and Keras (default true), or before it, as in Cho et al. 2014. */
  readonly resetAfter?: boolean;
}

/** The checks of the options. */
export const GRU_CELL: OptionChecks<GruCellOptions> = { ...CELL_OPTIONS, resetAfter: check.flag };

export class GruCell implements RecurrentCell {
  readonly type = 'gruCell';
  readonly units: number;
  readonly resetAfter: boolean;
  /** `[features, 3 · units]`: reset gate, update gate, candidate. Undefined until built, as are the others. */
  kernel: Parameter | undefined;
  /** `[units, 3 · units]`. */
  recurrentKernel: Parameter | undefined;
  /** `[3 · units]`; undefined if `useBias` is false. */
  bias: Parameter | undefined;
  /** `[3 · units]`, the bias of the product with the state; undefined if `useBias` or `resetAfter` is false. */
  recurrentBias: Parameter | undefined;
  private readonly options: GruCellOptions;

  constructor(options: GruCellOptions) {
    this.options = options;
    this.units = options.units;
    this.resetAfter = options.resetAfter ?? true;
  }

  build(inputShape: Shape, seed: Seed = 0): void {
    Object.assign(this, makeWeights(this.options, { features: featuresOf(this.type, inputShape), gates: 3 }, seed));
    const initializer = this.options.biasInitializer ?? initializers.zeros;
    const hasBias = this.resetAfter && this.bias !== undefined;
    this.recurrentBias = hasBias ? makeParameter([3 * this.units], initializer, randomKey(seed).fold('recurrentBias')) : undefined;
  }

  /** The state h, `[batch, units]`. */
  initialState(batch: number): readonly Tensor[] {
    return [zeros([batch, this.units])];
  }

  begin(xs: Tensor, context: Context): UnrolledCell {
    const [kernel, recurrent] = [made(this.type, this.kernel).value, made(this.type, this.recurrentKernel).value];
    const drop = stateDropout(this.options.recurrentDropout ?? 0, xs, [xs.shape[1]!, this.units], context);
    const bias = this.recurrentBias?.value;
    const after = (x: Tensor, h: Tensor): Tensor => stateStep(x, linear(drop(h), recurrent, bias), h);
    const next = this.resetAfter ? after : resetBefore(recurrent, this.units, drop);
    return {
      inputs: linear(xs, kernel, this.bias?.value),
      step: (x, [h]) => {
        const y = next(x, h!);
        return { y, state: [y] };
      },
    };
  }

  whole(xs: Tensor, [h]: readonly Tensor[], { context, lengths, reverse }: Reading): readonly Tensor[] | undefined {
    if (!this.resetAfter || dropsState(this.options, context)) return undefined;
    const inputs = linear(xs, made(this.type, this.kernel).value, this.bias?.value);
    const weight = made(this.type, this.recurrentKernel).value;
    const bias = this.recurrentBias?.value ?? fillAt(xs, [3 * this.units], 0);
    return [sequenceOf(inputs, weight, bias, h!, { reverse, ...(lengths && { lengths }) })];
  }

  /** r, z = σ(x W + h U + b), n = tanh(x W + b + r (h U + b')); h' = (1 - z) n + z h. @param x `[batch, features]` */
  step(x: Tensor, state: readonly Tensor[], context: Context = new Context()): StepResult {
    return onlyStep(this, x, state, context);
  }

  children(): [string, Parameter][] {
    const { kernel, recurrentKernel, bias, recurrentBias } = this;
    return madeParameters(this.type, { kernel, recurrentKernel, bias, recurrentBias });
  }
}

/** The step whose candidate is tanh(x_n + (r h) U_n). */
function resetBefore(recurrent: Tensor, units: number, drop: (h: Tensor) => Tensor): (x: Tensor, h: Tensor) => Tensor {
  const ofGates = slice(recurrent, [null, { end: 2 * units }]);
  const ofCandidate = slice(recurrent, [null, { begin: 2 * units }]);
  return (x, h) => {
    const dropped = drop(h);
    const sums = add(slice(x, [null, { end: 2 * units }]), matmul(dropped, ofGates));
    const r = sigmoid(slice(sums, [null, { end: units }]));
    const z = sigmoid(slice(sums, [null, { begin: units }]));
    const n = tanh(add(slice(x, [null, { begin: 2 * units }]), matmul(mul(r, dropped), ofCandidate)));
    return add(n, mul(z, sub(h, n)));
  };
}

/**
 * One step of a gated recurrent unit. Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder".
 * @throws SinapseError when an option is unknown or out of range
 */
export function gruCell(options: GruCellOptions): GruCell {
  checkOptions('gruCell', options, GRU_CELL);
  return new GruCell(options);
}

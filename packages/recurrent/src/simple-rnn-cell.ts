// The simple recurrent network: the output of a step is the state of the next.

import type { Activation, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, add, biasActivation, check, checkOptions, linear, matmul, rnn as sequenceOf, zeros } from '@sinapse/core';
import type { Reading, RecurrentCell, StepResult, UnrolledCell } from './cell.ts';
import { onlyStep } from './cell.ts';
import type { CellOptions } from './cell-weights.ts';
import { CELL_OPTIONS, dropsState, featuresOf, made, madeParameters, makeWeights, stateDropout } from './cell-weights.ts';

export interface SimpleRnnCellOptions extends CellOptions {
  /** The activation of the state: `tanh` (default), `relu`, `sigmoid`, `leakyRelu` or `linear`. */
  readonly activation?: Activation;
}

/** The checks of the options. */
export const SIMPLE_RNN_CELL: OptionChecks<SimpleRnnCellOptions> = {
  ...CELL_OPTIONS,
  activation: check.oneOf(['tanh', 'relu', 'sigmoid', 'leakyRelu', 'linear']),
};

export class SimpleRnnCell implements RecurrentCell {
  readonly type = 'simpleRnnCell';
  readonly units: number;
  readonly activation: Activation;
  /** `[features, units]`; undefined until built, as are the others. */
  kernel: Parameter | undefined;
  /** `[units, units]`. */
  recurrentKernel: Parameter | undefined;
  /** `[units]`; undefined if `useBias` is false. */
  bias: Parameter | undefined;
  private readonly options: SimpleRnnCellOptions;

  constructor(options: SimpleRnnCellOptions) {
    this.options = options;
    this.units = options.units;
    this.activation = options.activation ?? 'tanh';
  }

  build(inputShape: Shape, seed: Seed = 0): void {
    Object.assign(this, makeWeights(this.options, { features: featuresOf(this.type, inputShape), gates: 1 }, seed));
  }

  /** The state h, `[batch, units]`. */
  initialState(batch: number): readonly Tensor[] {
    return [zeros([batch, this.units])];
  }

  begin(xs: Tensor, context: Context): UnrolledCell {
    const [kernel, recurrent] = [made(this.type, this.kernel).value, made(this.type, this.recurrentKernel).value];
    const drop = stateDropout(this.options.recurrentDropout ?? 0, xs, [xs.shape[1]!, this.units], context);
    return {
      inputs: linear(xs, kernel, this.bias?.value),
      step: (x, [h]) => {
        const y = biasActivation(add(x, matmul(drop(h!), recurrent)), undefined, { activation: this.activation });
        return { y, state: [y] };
      },
    };
  }

  whole(xs: Tensor, [h]: readonly Tensor[], { context, lengths, reverse }: Reading): readonly Tensor[] | undefined {
    const { activation } = this;
    if ((activation !== 'tanh' && activation !== 'relu') || dropsState(this.options, context)) return undefined;
    const inputs = linear(xs, made(this.type, this.kernel).value, this.bias?.value);
    const weight = made(this.type, this.recurrentKernel).value;
    return [sequenceOf(inputs, weight, h!, { activation, reverse, ...(lengths && { lengths }) })];
  }

  /** h' = activation(x kernel + h recurrentKernel + bias). @param x `[batch, features]` */
  step(x: Tensor, state: readonly Tensor[], context: Context = new Context()): StepResult {
    return onlyStep(this, x, state, context);
  }

  children(): [string, Parameter][] {
    const { kernel, recurrentKernel, bias } = this;
    return madeParameters(this.type, { kernel, recurrentKernel, bias });
  }
}

/**
 * One step of a simple recurrent network, with every unit connected to every other: h' = tanh(x W + h U + b). Elman 1990, "Finding structure in time".
 * @throws SinapseError when an option is unknown or out of range
 */
export function simpleRnnCell(options: SimpleRnnCellOptions): SimpleRnnCell {
  checkOptions('simpleRnnCell', options, SIMPLE_RNN_CELL);
  return new SimpleRnnCell(options);
}

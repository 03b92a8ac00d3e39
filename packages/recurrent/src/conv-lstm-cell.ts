// A long short-term memory of images: convolutions in the place of products. Shi et al. 2015, "Convolutional LSTM network", without peepholes.

import type { OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  ShapeError,
  SinapseError,
  add,
  check,
  checkOptions,
  conv2d,
  formatShape,
  lstmCell as memoryStep,
  randomKey,
  reshape,
  zeros,
} from '@sinapse/core';
import type { Initializer } from '@sinapse/layers';
import { initializers, makeParameter } from '@sinapse/layers';
import type { RecurrentCell, StepResult, UnrolledCell } from './cell.ts';
import { onlyStep } from './cell.ts';
import { INITIALIZER, made, madeParameters } from './cell-weights.ts';
import { unitForget } from './lstm-cell.ts';

export interface ConvLstmCellOptions {
  /** The channels of the state and of the output; an integer >= 1. */
  readonly filters: number;
  /** Height and width of the windows. Default 3. */
  readonly kernelSize?: number | readonly [number, number];
  /** The initial weights of the input. Default `initializers.glorotUniform`. */
  readonly kernelInitializer?: Initializer;
  /** The initial weights of the state. Default `initializers.glorotUniform`. */
  readonly recurrentInitializer?: Initializer;
}

const CONV_LSTM_CELL: OptionChecks<ConvLstmCellOptions> = {
  filters: check.required(check.count),
  kernelSize: check.pair,
  kernelInitializer: INITIALIZER,
  recurrentInitializer: INITIALIZER,
};

export class ConvLstmCell implements RecurrentCell {
  readonly type = 'convLstmCell';
  readonly filters: number;
  /** `[height, width, channels, 4 · filters]`: input gate, forget gate, candidate, output gate. Undefined until built, as are the others. */
  kernel: Parameter | undefined;
  /** `[height, width, filters, 4 · filters]`. */
  recurrentKernel: Parameter | undefined;
  /** `[4 · filters]`. */
  bias: Parameter | undefined;
  private readonly options: ConvLstmCellOptions;
  private image: readonly [number, number] | undefined;

  constructor(options: ConvLstmCellOptions) {
    this.options = options;
    this.filters = options.filters;
  }

  /** @param inputShape of one step, `[height, width, channels]` */
  build(inputShape: Shape, seed: Seed = 0): void {
    if (inputShape.length !== 3)
      throw new ShapeError(`convLstmCell: each step must be [height, width, channels], got ${formatShape(inputShape)}`);
    const [height, width, channels] = inputShape as readonly [number, number, number];
    const { kernelSize = 3, kernelInitializer, recurrentInitializer } = this.options;
    const window = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    const key = randomKey(seed);
    const make = (name: string, inputs: number, initializer: Initializer = initializers.glorotUniform): Parameter =>
      makeParameter([...window, inputs, 4 * this.filters], initializer, key.fold(name));
    this.kernel = make('kernel', channels, kernelInitializer);
    this.recurrentKernel = make('recurrent', this.filters, recurrentInitializer);
    this.bias = makeParameter([4 * this.filters], unitForget, key.fold('bias'));
    this.image = [height, width];
  }

  /** The output h and the memory c, each `[batch, height, width, filters]`. */
  initialState(batch: number): readonly Tensor[] {
    if (this.image === undefined)
      throw new SinapseError('convLstmCell: has no parameters yet; build the model first: model.build(inputShape)');
    const shape = [batch, ...this.image, this.filters];
    return [zeros(shape), zeros(shape)];
  }

  begin(xs: Tensor, _: Context): UnrolledCell {
    const [kernel, recurrent] = [made(this.type, this.kernel).value, made(this.type, this.recurrentKernel).value];
    const [time, batch, ...image] = xs.shape as readonly [number, number, ...number[]];
    if (image.length !== 3)
      throw new ShapeError(`convLstmCell: takes [batch, time, height, width, channels], got ${formatShape([batch, time, ...image])}`);
    const sums = conv2d(reshape(xs, [time * batch, ...image]), kernel, { padding: 'same', bias: made(this.type, this.bias).value });
    return {
      inputs: reshape(sums, [time, batch, ...sums.shape.slice(1)]),
      step: (x, [h, c]) => {
        const gates = add(x, conv2d(h!, recurrent, { padding: 'same' }));
        const next = memoryStep(reshape(gates, [-1, 4 * this.filters]), reshape(c!, [-1, this.filters])); // each pixel is a step of its own
        const y = reshape(next.h, c!.shape);
        return { y, state: [y, reshape(next.c, c!.shape)] };
      },
    };
  }

  /** i, f, o = σ(x * W + h * U + b), g = tanh(x * W + h * U + b); c' = f c + i g; h' = o tanh(c'). @param x `[batch, height, width, channels]` */
  step(x: Tensor, state: readonly Tensor[], context: Context = new Context()): StepResult {
    return onlyStep(this, x, state, context);
  }

  children(): [string, Parameter][] {
    const { kernel, recurrentKernel, bias } = this;
    return madeParameters(this.type, { kernel, recurrentKernel, bias });
  }
}

/**
 * One step of a long short-term memory of images. Shi et al. 2015.
 * @throws SinapseError when an option is unknown or out of range
 */
export function convLstmCell(options: ConvLstmCellOptions): ConvLstmCell {
  checkOptions('convLstmCell', options, CONV_LSTM_CELL);
  return new ConvLstmCell(options);
}

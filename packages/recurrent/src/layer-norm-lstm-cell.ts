// A long short-term memory whose sums and memory are normalised in each example. Ba, Kiros, Hinton 2016, "Layer normalization", equations 20 to 22.

import type { OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  add,
  check,
  checkOptions,
  layerNorm,
  linear,
  matmul,
  lstmCell as memoryStep,
  mul,
  randomKey,
  sigmoid,
  slice,
  tanh,
  zeros,
} from '@sinapse/core';
import type { Initializer } from '@sinapse/layers';
import { initializers, makeParameter } from '@sinapse/layers';
import type { RecurrentCell, StepResult, UnrolledCell } from './cell.ts';
import { onlyStep } from './cell.ts';
import type { CellOptions } from './cell-weights.ts';
import { CELL_OPTIONS, featuresOf, made, madeParameters, makeWeights, stateDropout } from './cell-weights.ts';
import { unitForget } from './lstm-cell.ts';

export interface LayerNormLstmCellOptions extends Omit<CellOptions, 'useBias'> {
  /** Added to each variance, > 0. Default 1e-5. */
  readonly epsilon?: number;
}

/** The checks of the options. */
const { useBias: _, ...WITHOUT_BIAS } = CELL_OPTIONS;
const LAYER_NORM_LSTM_CELL: OptionChecks<LayerNormLstmCellOptions> = { ...WITHOUT_BIAS, epsilon: check.positive };

export class LayerNormLstmCell implements RecurrentCell {
  readonly type = 'layerNormLstmCell';
  readonly units: number;
  /** `[features, 4 · units]`: input gate, forget gate, candidate, output gate. Undefined until built, as are the others. */
  kernel: Parameter | undefined;
  /** `[units, 4 · units]`. */
  recurrentKernel: Parameter | undefined;
  /** `[4 · units]`: the offset of both normalised sums together. */
  bias: Parameter | undefined;
  /** `[4 · units]`, the scale of the input's normalised sums. */
  inputScale: Parameter | undefined;
  /** `[4 · units]`, the scale of the state's. */
  recurrentScale: Parameter | undefined;
  /** `[units]`, the scale of the normalised memory. */
  memoryScale: Parameter | undefined;
  /** `[units]`, its offset. */
  memoryOffset: Parameter | undefined;
  private readonly options: LayerNormLstmCellOptions;

  constructor(options: LayerNormLstmCellOptions) {
    this.options = options;
    this.units = options.units;
  }

  build(inputShape: Shape, seed: Seed = 0): void {
    const { units, options } = this;
    Object.assign(this, makeWeights(options, { features: featuresOf(this.type, inputShape), gates: 4, bias: unitForget }, seed));
    const { ones, zeros: none } = initializers;
    const make = (length: number, initializer: Initializer): Parameter => makeParameter([length], initializer, randomKey(seed));
    this.inputScale = make(4 * units, ones);
    this.recurrentScale = make(4 * units, ones);
    this.memoryScale = make(units, ones);
    this.memoryOffset = make(units, none);
  }

  /** The output h and the memory c, each `[batch, units]`. */
  initialState(batch: number): readonly Tensor[] {
    return [zeros([batch, this.units]), zeros([batch, this.units])];
  }

  begin(xs: Tensor, context: Context): UnrolledCell {
    const read = (parameter: Parameter | undefined): Tensor => made(this.type, parameter).value;
    const { epsilon = 1e-5, recurrentDropout = 0 } = this.options;
    const [recurrent, recurrentScale] = [read(this.recurrentKernel), read(this.recurrentScale)];
    const ofMemory = { scale: read(this.memoryScale), offset: read(this.memoryOffset), epsilon };
    const drop = stateDropout(recurrentDropout, xs, [xs.shape[1]!, this.units], context);
    return {
      inputs: layerNorm(linear(xs, read(this.kernel)), { scale: read(this.inputScale), offset: read(this.bias), epsilon }),
      step: (x, [h, c]) => {
        const gates = add(x, layerNorm(matmul(drop(h!), recurrent), { scale: recurrentScale, epsilon }));
        const next = memoryStep(gates, c!).c;
        const y = mul(sigmoid(slice(gates, [null, { begin: 3 * this.units }])), tanh(layerNorm(next, ofMemory)));
        return { y, state: [y, next] };
      },
    };
  }

  /** i, f, o = σ(a), g = tanh(a) of a = LN(x W) + LN(h U) + b; c' = f c + i g; h' = o tanh(LN(c')). @param x `[batch, features]` */
  step(x: Tensor, state: readonly Tensor[], context: Context = new Context()): StepResult {
    return onlyStep(this, x, state, context);
  }

  children(): [string, Parameter][] {
    const { kernel, recurrentKernel, bias, inputScale, recurrentScale, memoryScale, memoryOffset } = this;
    return madeParameters(this.type, { kernel, recurrentKernel, bias, inputScale, recurrentScale, memoryScale, memoryOffset });
  }
}

/**
 * One step of a long short-term memory with layer normalisation. Ba, Kiros, Hinton 2016.
 * @throws SinapseError when an option is unknown or out of range
 */
export function layerNormLstmCell(options: LayerNormLstmCellOptions): LayerNormLstmCell {
  checkOptions('layerNormLstmCell', options, LAYER_NORM_LSTM_CELL);
  return new LayerNormLstmCell(options);
}

// The networks that the benchmark trains, as Sinapse has them.

import type { Context, Model, Seed, Shape, Tensor } from '@sinapse/core';
import { add, lstmCell, randomKey, scope, slice, zeros } from '@sinapse/core';
import type { Dense } from '@sinapse/layers';
import { callChild, dense } from '@sinapse/layers';
import { lenet5, resnet20 } from '@sinapse/zoo';

export interface Network {
  readonly title: string;
  /** Without the batch. */
  readonly inputShape: Shape;
  readonly batch: number;
  /** Steps of a round. */
  readonly steps: number;
  /** With its parameters made. */
  readonly model: () => Model;
}

/** Units of the LSTM. */
export const UNITS = 128;

export const CLASSES = 10;

/** An LSTM (Hochreiter, Schmidhuber 1997) that reads sequences and classifies them by its last state. */
class SequenceClassifier implements Model {
  private readonly inputs: Dense = dense({ units: 4 * UNITS });
  private readonly state: Dense = dense({ units: 4 * UNITS, useBias: false });
  private readonly head: Dense = dense({ units: CLASSES });

  build([, inputs]: Shape, seed: Seed): void {
    const key = randomKey(seed);
    this.inputs.build([inputs!], key.fold('inputs'));
    this.state.build([UNITS], key.fold('state'));
    this.head.build([UNITS], key.fold('head'));
  }

  /** @param x `[batch, steps, inputs]` */
  call(x: Tensor, context: Context): Tensor {
    const [batch, steps] = x.shape as readonly [number, number, number];
    return scope(() => {
      let [h, c] = [zeros([batch, UNITS]), zeros([batch, UNITS])];
      for (let step = 0; step < steps; step++) {
        const fromInput = callChild('inputs', this.inputs, slice(x, [null, step, null]), context);
        ({ h, c } = lstmCell(add(fromInput, callChild('state', this.state, h, context)), c));
      }
      return callChild('head', this.head, h, context);
    });
  }

  /** In the order of the weights of tfjs-layers, but for the bias of the gates. */
  children(): [string, Dense][] {
    return [
      ['inputs', this.inputs],
      ['state', this.state],
      ['head', this.head],
    ];
  }
}

function built<M extends Model & { build(shape: Shape, seed: Seed): unknown }>(model: M, inputShape: Shape): M {
  model.build(inputShape, 1);
  return model;
}

export const networks = {
  lenet5: { title: 'LeNet-5', inputShape: [28, 28, 1], batch: 64, steps: 10, model: () => built(lenet5(), [28, 28, 1]) },
  resnet20: { title: 'ResNet-20', inputShape: [32, 32, 3], batch: 4, steps: 2, model: () => built(resnet20(), [32, 32, 3]) },
  lstm: {
    title: 'LSTM, 28 steps of 28 inputs, 128 units',
    inputShape: [28, 28],
    batch: 64,
    steps: 4,
    model: () => built(new SequenceClassifier(), [28, 28]),
  },
} satisfies Record<string, Network>;

export type NetworkName = keyof typeof networks;

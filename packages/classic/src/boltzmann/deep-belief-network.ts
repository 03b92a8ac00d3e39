// Boltzmann machines on top of each other, learnt one after the other; then a network to be trained further.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, checkValue, linear, randomKey, scope, sigmoid } from '@sinapse/core';
import type { Sequential } from '@sinapse/layers';
import { dense, sequential } from '@sinapse/layers';
import { checkRows } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { contrastiveDivergence } from './contrastive-divergence.ts';
import { checkBinary } from './restricted-boltzmann-machine.ts';

export interface DeepBeliefNetworkOptions {
  /** The number of hidden units of each machine, from the first on. */
  readonly units: readonly number[];
  /** The steps of Gibbs sampling in each step of the training. Default 1. */
  readonly steps?: number;
  /** Default 0.1. */
  readonly learningRate?: number;
  /** The passes over the examples for each machine. Default 10. */
  readonly epochs?: number;
  /** Default 10. */
  readonly batchSize?: number;
  /** The seed of weights, order and draws. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<DeepBeliefNetworkOptions> = {
  units: check.required({
    expected: 'a list of integers >= 1, one for each layer',
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => check.count.accepts(each)),
  }),
  steps: check.count,
  learningRate: check.positive,
  epochs: check.count,
  batchSize: check.count,
  seed: check.natural,
};

/** A deep belief network. Learnt, for each layer i from 0 on: `kernel i` `[inputs, units]` and `bias i` `[units]`. */
export class DeepBeliefNetwork extends Learner<DeepBeliefNetworkOptions> {
  readonly type = 'deepBeliefNetwork';

  layout(): Layout {
    const { units } = this.options;
    const entries = units.flatMap((width, i): [string, (number | string)[]][] => [
      [`kernel ${i}`, [units[i - 1] ?? 'visible', width]],
      [`bias ${i}`, [width]],
    ]);
    return Object.fromEntries(entries);
  }

  /**
   * Greedy, layer by layer: a restricted Boltzmann machine learns the examples, the next one the probabilities of its hidden units, and so on.
   * @param x float32 `[examples, visible]` of 0 and 1
   */
  async fit(x: Tensor): Promise<this> {
    await checkBinary(this.type, x);
    const { units: widths, steps = 1, learningRate = 0.1, epochs = 10, batchSize = 10, seed = 0 } = this.options;
    this.learn(
      scope(() => {
        const learnt: Record<string, Tensor> = {};
        let inputs = x;
        for (const [i, units] of widths.entries()) {
          const options = { units, method: 'cd', steps, learningRate, epochs, batchSize } as const;
          const { weights, hidden } = contrastiveDivergence(inputs, options, randomKey(seed).fold(i));
          learnt[`kernel ${i}`] = weights;
          learnt[`bias ${i}`] = hidden;
          inputs = sigmoid(linear(inputs, weights, hidden));
        }
        return learnt;
      }),
    );
    return this;
  }

  /** @returns the probabilities of the last layer's units, float32 `[batch, units]` */
  transform(x: Tensor): Tensor {
    checkRows(this.type, x, this.array('kernel 0').shape[0]);
    return scope(() => this.options.units.reduce((values, _, i) => sigmoid(linear(values, this.array(`kernel ${i}`), this.array(`bias ${i}`))), x.alias())); // prettier-ignore
  }

  /**
   * The network as a model to be trained further, with `fit` of @sinapse/training: sigmoid layers with the weights that were learnt, and a new linear one.
   * @param outputs of the new layer, e.g. the number of classes
   * @param seed of its weights
   */
  toModel(outputs: number, seed = 0): Sequential {
    const visible = this.array('kernel 0').shape[0]!;
    checkValue(`${this.type}: toModel`, outputs, check.count, 'outputs');
    checkValue(`${this.type}: toModel`, seed, check.natural, 'seed');
    const layers = this.options.units.map((units) => dense({ units, activation: 'sigmoid' }));
    const model = sequential([...layers, dense({ units: outputs })]);
    model.build([visible], seed);
    layers.forEach((layer, i) => {
      layer.kernel!.assign(this.array(`kernel ${i}`));
      layer.bias!.assign(this.array(`bias ${i}`));
    });
    return model;
  }
}

/**
 * A deep belief network. Hinton, Osindero, Teh 2006, "A fast learning algorithm for deep belief nets"; as the start of a network: Bengio, Lamblin, Popovici,
 * Larochelle 2007, "Greedy layer-wise training of deep networks".
 */
export function deepBeliefNetwork(options: DeepBeliefNetworkOptions): DeepBeliefNetwork {
  checkOptions('deepBeliefNetwork', options, OPTIONS);
  return new DeepBeliefNetwork(options);
}

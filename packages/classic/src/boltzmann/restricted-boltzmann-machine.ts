// A restricted Boltzmann machine: binary visible and hidden units, connected only with each other.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, all, check, checkOptions, checkValue, equal, linear, logicalOr, matmul, neg, randomKey, reshape, scope, softplus, sub, sum, zeros } from '@sinapse/core'; // prettier-ignore
import { checkExamples, checkRows, holds, numberFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import type { BoltzmannArrays } from './contrastive-divergence.ts';
import { contrastiveDivergence, draw, gibbs, hiddenOf, visibleOf } from './contrastive-divergence.ts';

export interface RestrictedBoltzmannMachineOptions {
  /** The number of hidden units. */
  readonly units: number;
  /** Contrastive divergence from the examples, or persistent, from where the last draws ended. Default `cd`. */
  readonly method?: 'cd' | 'pcd';
  /** The steps of Gibbs sampling in each step of the training, the k of CD-k. Default 1. */
  readonly steps?: number;
  /** Default 0.1. */
  readonly learningRate?: number;
  /** The passes over the examples. Default 10. */
  readonly epochs?: number;
  /** Default 10. */
  readonly batchSize?: number;
  /** The seed of weights, order and draws. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<RestrictedBoltzmannMachineOptions> = {
  units: check.required(check.count),
  method: check.oneOf(['cd', 'pcd']),
  steps: check.count,
  learningRate: check.positive,
  epochs: check.count,
  batchSize: check.count,
  seed: check.natural,
};

/** @throws SinapseError unless all values are 0 or 1 */
export async function checkBinary(owner: string, x: Tensor): Promise<void> {
  await checkExamples(owner, x);
  if (!(await holds(() => all(logicalOr(equal(x, 0), equal(x, 1))))))
    throw new SinapseError(`${owner}: x must be binary, of 0 and 1 only; greater(x, 0.5).cast('float32') makes it so`);
}

/** A restricted Boltzmann machine. Learnt: `weights` `[visible, hidden]`, `visible` `[visible]` and `hidden` `[hidden]`, the biases. */
export class RestrictedBoltzmannMachine extends Learner<RestrictedBoltzmannMachineOptions> {
  readonly type = 'restrictedBoltzmannMachine';

  layout(): Layout {
    const { units } = this.options;
    return { weights: ['visible', units], visible: ['visible'], hidden: [units] };
  }

  /** @param x float32 `[examples, visible]` of 0 and 1 */
  async fit(x: Tensor): Promise<this> {
    await checkBinary(this.type, x);
    const { units, method = 'cd', steps = 1, learningRate = 0.1, epochs = 10, batchSize = 10, seed = 0 } = this.options;
    const options = { units, method, steps, learningRate, epochs, batchSize };
    this.learn({ ...contrastiveDivergence(x, options, randomKey(seed)) });
    return this;
  }

  /** @returns the probabilities that hidden units are 1, float32 `[batch, hidden]`: features of the examples */
  transform(x: Tensor): Tensor {
    return scope(() => hiddenOf(x, this.machine(x)));
  }

  /** @returns the probabilities of visible units, given those of the hidden ones, float32 `[batch, visible]` */
  reconstruct(x: Tensor): Tensor {
    return scope(() => visibleOf(hiddenOf(x, this.machine(x)), this.machine(x)));
  }

  /** @returns the mean squared difference of examples and their reconstructions */
  reconstructionError(x: Tensor): Promise<number> {
    return numberFrom(() => sub(x, this.reconstruct(x)).square().mean());
  }

  /**
   * The free energy -b v - Σ softplus(c + v W): minus the logarithm of an example's probability, but for a constant.
   * @returns float32 `[batch]`
   */
  freeEnergy(x: Tensor): Tensor {
    return scope(() => {
      const { weights, visible, hidden } = this.machine(x);
      const biased = reshape(matmul(x, reshape(visible, [visible.size, 1])), [x.shape[0]!]);
      return neg(add(biased, sum(softplus(linear(x, weights, hidden)), { axis: 1 })));
    });
  }

  /**
   * Draws examples, each by a chain of its own from random values.
   * @param steps of Gibbs sampling
   * @returns float32 `[count, visible]` of 0 and 1
   */
  sample(count: number, steps: number, seed: number): Tensor {
    const arrays = this.machine();
    for (const [name, value] of Object.entries({ count, steps })) checkValue(`${this.type}: sample`, value, check.count, name);
    checkValue(`${this.type}: sample`, seed, check.natural, 'seed');
    const key = randomKey(seed);
    return scope(() => {
      const start = draw(zeros([count, arrays.visible.size]).add(0.5), key.fold('start'));
      return gibbs(start, arrays, steps, key);
    });
  }

  /** @returns the weights of each hidden unit, float32 `[hidden, visible]`: pictures, where examples are */
  filters(): Tensor {
    return this.machine().weights.transpose();
  }

  private machine(x?: Tensor): BoltzmannArrays {
    const [weights, visible, hidden] = [this.array('weights'), this.array('visible'), this.array('hidden')];
    if (x !== undefined) checkRows(this.type, x, visible.size);
    return { weights, visible, hidden };
  }
}

/**
 * A restricted Boltzmann machine. Smolensky 1986, "Information processing in dynamical systems" (the harmonium); contrastive divergence: Hinton 2002,
 * "Training products of experts by minimizing contrastive divergence"; persistent: Tieleman 2008.
 */
export function restrictedBoltzmannMachine(options: RestrictedBoltzmannMachineOptions): RestrictedBoltzmannMachine {
  checkOptions('restrictedBoltzmannMachine', options, OPTIONS);
  return new RestrictedBoltzmannMachine(options);
}

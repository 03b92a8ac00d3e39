// A network whose hidden layer is random and stays so: only the last layer is computed.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, linear, matmul, randomKey, randomNormal, randomUniform, scope } from '@sinapse/core';
import { checkExamples, checkRows, checkTargets } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { asColumns, leastSquares, withOnes } from '../least-squares.ts';

export interface ExtremeLearningMachineOptions {
  /** The number of hidden units. */
  readonly units: number;
  /** The factor of the squared output weights beside the squared errors. Default 0.001. */
  readonly ridge?: number;
  /** The deviation of the random weights; inputs should have a size of about 1. Default 1. */
  readonly scale?: number;
  /** The seed of the random weights. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<ExtremeLearningMachineOptions> = {
  units: check.required(check.count),
  ridge: check.notNegative,
  scale: check.positive,
  seed: check.natural,
};

/**
 * An extreme learning machine. `kernel` `[features, units]` and `bias` `[units]` are drawn; learnt: `output` `[units + 1, outputs]`, the last row the biases.
 */
export class ExtremeLearningMachine extends Learner<ExtremeLearningMachineOptions> {
  readonly type = 'extremeLearningMachine';

  layout(): Layout {
    const { units } = this.options;
    return { kernel: ['features', units], bias: [units], output: [units + 1, 'outputs'] };
  }

  /**
   * @param x float32 `[examples, features]`
   * @param y float32 `[examples]` or `[examples, outputs]`; of classes, one-hot rows
   */
  async fit(x: Tensor, y: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    await checkTargets(this.type, x, y);
    const { units, ridge = 1e-3, scale = 1, seed = 0 } = this.options;
    const key = randomKey(seed);
    this.learn(
      scope(() => {
        const kernel = randomNormal([x.shape[1]!, units], { seed: key.fold('kernel'), deviation: scale });
        const bias = randomUniform([units], { seed: key.fold('bias'), low: -scale, high: scale });
        return { kernel, bias, output: leastSquares(withOnes(linear(x, kernel, bias).tanh()), asColumns(y), ridge) };
      }),
    );
    return this;
  }

  /** @returns float32 `[batch, outputs]` */
  predict(x: Tensor): Tensor {
    const kernel = this.array('kernel');
    checkRows(this.type, x, kernel.shape[0]);
    return scope(() => matmul(withOnes(linear(x, kernel, this.array('bias')).tanh()), this.array('output')));
  }
}

/** An extreme learning machine, with tanh. Huang, Zhu, Siew 2006, "Extreme learning machine: theory and applications". */
export function extremeLearningMachine(options: ExtremeLearningMachineOptions): ExtremeLearningMachine {
  checkOptions('extremeLearningMachine', options, OPTIONS);
  return new ExtremeLearningMachine(options);
}

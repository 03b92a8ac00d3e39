// The neuron with a sigmoid, or with softmax over several: the logistic classifier.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, concat, matmul, scope } from '@sinapse/core';
import { dense, initializers, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import type { FitOptions } from '@sinapse/training';
import { train } from '@sinapse/training';
import { checkClasses, checkExamples, checkRows } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { withOnes } from '../least-squares.ts';

export interface LogisticClassifierOptions {
  /** The number of classes, at least 2. */
  readonly classes: number;
  /** The passes over the examples. Default 100. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Of Adam. Default 0.05. */
  readonly learningRate?: number;
  /** The factor of the squared weights in the loss. Default 0. */
  readonly l2?: number;
  /** The seed of the order of the examples. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<LogisticClassifierOptions> = {
  classes: check.required(check.integer(2, 1_000_000)),
  epochs: check.count,
  batchSize: check.count,
  learningRate: check.positive,
  l2: check.notNegative,
  seed: check.natural,
};

/** A logistic classifier. Learnt: `weights` `[features + 1, classes]`, the last row the biases. */
export class LogisticClassifier extends Learner<LogisticClassifierOptions> {
  readonly type = 'logisticClassifier';

  layout(): Layout {
    return { weights: ['features + 1', this.options.classes] };
  }

  /**
   * Lowers the cross-entropy with `train` of @sinapse/training.
   * @param x float32 `[examples, features]`
   * @param y int32 `[examples]`, classes 0 to classes - 1
   * @param more callbacks and a signal for the training
   */
  async fit(x: Tensor, y: Tensor, more: Pick<FitOptions, 'callbacks' | 'signal'> = {}): Promise<this> {
    await checkExamples(this.type, x);
    const { classes, epochs = 100, batchSize = 32, learningRate = 0.05, l2 = 0, seed = 0 } = this.options;
    await checkClasses(this.type, x, y, classes);
    const layer = dense({ units: classes, kernelInitializer: initializers.zeros, ...(l2 === 0 ? {} : { kernelRegularizer: { l2 } }) });
    const model = sequential([layer]);
    model.build([x.shape[1]!]);
    await train(model, { x, y, epochs, batchSize, seed, loss: softmaxCrossEntropy, optimizer: adam({ learningRate }), ...more });
    this.learn({ weights: scope(() => concat([layer.kernel!.value, layer.bias!.value.reshape([1, classes])])) });
    return this;
  }

  /** @returns the probability of each class, float32 `[batch, classes]` */
  probabilities(x: Tensor): Tensor {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.shape[0]! - 1);
    return scope(() => matmul(withOnes(x), weights).softmax());
  }

  /** @returns the likeliest class, int32 `[batch]` */
  predict(x: Tensor): Tensor {
    return scope(() => this.probabilities(x).argMax({ axis: 1 }));
  }
}

/** A logistic classifier. Cox 1958, "The regression analysis of binary sequences"; for several classes with softmax. */
export function logisticClassifier(options: LogisticClassifierOptions): LogisticClassifier {
  checkOptions('logisticClassifier', options, OPTIONS);
  return new LogisticClassifier(options);
}

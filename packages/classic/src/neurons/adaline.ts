// The adaptive linear neuron and its rule of least mean squares.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  add,
  check,
  checkOptions,
  gather,
  greater,
  matmul,
  mul,
  randomKey,
  randomPermutation,
  scope,
  sub,
  tensor,
  zeros,
} from '@sinapse/core';
import { checkClasses, checkExamples, checkRows } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { withOnes } from '../least-squares.ts';

export interface AdalineOptions {
  /** The step; it must stay below 2 over the largest eigenvalue of x xᵀ. Default 0.01. */
  readonly learningRate?: number;
  /** The passes over the examples. Default 20. */
  readonly epochs?: number;
  /** How many examples share a step, by the mean of their errors. Default 1, as Widrow and Hoff have it. */
  readonly batchSize?: number;
  /** The seed of the order of the examples. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<AdalineOptions> = {
  learningRate: check.positive,
  epochs: check.count,
  batchSize: check.count,
  seed: check.natural,
};

/** An adaptive linear neuron for two classes. Learnt: `weights` `[features + 1]`, the last of them the bias. */
export class Adaline extends Learner<AdalineOptions> {
  readonly type = 'adaline';

  layout(): Layout {
    return { weights: ['features + 1'] };
  }

  /**
   * w ← w + η (t - w x) x, where t is 1 or -1: the error of the sum itself counts, not that of the decision.
   * @param x float32 `[examples, features]`
   * @param y int32 `[examples]`, classes 0 and 1
   */
  async fit(x: Tensor, y: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const classes = await checkClasses(this.type, x, y, 2);
    const { learningRate = 0.01, epochs = 20, batchSize = 1, seed = 0 } = this.options;
    const count = classes.length;
    const targets = Float32Array.from(classes, (c) => 2 * c - 1);
    const weights = scope(() => {
      const rows = withOnes(x);
      const signs = tensor(targets, { shape: [count, 1] });
      let w = zeros([rows.shape[1]!, 1]);
      for (let epoch = 0; epoch < epochs; epoch++)
        w = scope(() => {
          const order = randomPermutation(count, { seed: randomKey(seed).fold(epoch) });
          const [inputs, wanted] = [gather(rows, order), gather(signs, order)];
          let moved = w;
          for (let begin = 0; begin < count; begin += batchSize) {
            const part = { begin, end: Math.min(count, begin + batchSize) };
            const some = inputs.slice([part]);
            const error = sub(wanted.slice([part]), matmul(some, moved));
            moved = add(moved, mul(matmul(some, error, { transposeA: true }), learningRate / (part.end - begin)));
          }
          return moved;
        });
      return w.reshape([w.size]);
    });
    this.learn({ weights });
    return this;
  }

  /** @returns the sums w x + b, float32 `[batch]` */
  decision(x: Tensor): Tensor {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.size - 1);
    return scope(() => matmul(withOnes(x), weights.reshape([weights.size, 1])).reshape([x.shape[0]!]));
  }

  /** @returns int32 `[batch]`, class 1 where the sum is above 0 */
  predict(x: Tensor): Tensor {
    return scope(() => greater(this.decision(x), 0).cast('int32'));
  }
}

/** An ADALINE. Widrow, Hoff 1960, "Adaptive switching circuits". */
export function adaline(options: AdalineOptions = {}): Adaline {
  checkOptions('adaline', options, OPTIONS);
  return new Adaline(options);
}

// The neuron without an activation: linear regression, whose weights need no steps.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, concat, matmul, mean, scope, sub } from '@sinapse/core';
import { checkExamples, checkRows, checkTargets } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { asColumns, leastSquares, withOnes } from '../least-squares.ts';

export interface LinearRegressionOptions {
  /** How strongly large weights are avoided: the factor of |w|² beside the sum of the squared errors. The bias is free. Default 0. */
  readonly ridge?: number;
}

const OPTIONS: OptionChecks<LinearRegressionOptions> = { ridge: check.notNegative };

/** A linear neuron for each output. Learnt: `weights` `[features + 1, outputs]`, the last row the biases. */
export class LinearRegression extends Learner<LinearRegressionOptions> {
  readonly type = 'linearRegression';

  layout(): Layout {
    return { weights: ['features + 1', 'outputs'] };
  }

  /**
   * @param x float32 `[examples, features]`
   * @param y float32 `[examples]` or `[examples, outputs]`
   */
  async fit(x: Tensor, y: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    await checkTargets(this.type, x, y);
    const weights = scope(() => {
      const targets = asColumns(y);
      const over = { axis: 0, keepDims: true };
      const [centre, level] = [mean(x, over), mean(targets, over)];
      const slopes = leastSquares(sub(x, centre), sub(targets, level), this.options.ridge ?? 0);
      return concat([slopes, sub(level, matmul(centre, slopes))]);
    });
    this.learn({ weights });
    return this;
  }

  /** @returns float32 `[batch, outputs]` */
  predict(x: Tensor): Tensor {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.shape[0]! - 1);
    return scope(() => matmul(withOnes(x), weights));
  }
}

/**
 * The neuron as linear regression: the least squares in closed form, the end of gradient descent on the mean squared error. Legendre 1805; with a
 * ridge, Hoerl, Kennard 1970.
 */
export function linearRegression(options: LinearRegressionOptions = {}): LinearRegression {
  checkOptions('linearRegression', options, OPTIONS);
  return new LinearRegression(options);
}

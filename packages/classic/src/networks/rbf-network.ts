// A network of radial basis functions: bells around centres, and a linear layer over them.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { Parameter, SinapseError, check, checkOptions, div, exp, full, log, matmul, max, mul, neg, scope, sqrt } from '@sinapse/core';
import { meanSquaredError } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import type { FitOptions } from '@sinapse/training';
import { train } from '@sinapse/training';
import { kMeans } from '../clusters/k-means.ts';
import { squaredDistances } from '../distances.ts';
import { checkExamples, checkRows, checkTargets } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { asColumns, leastSquares, withOnes } from '../least-squares.ts';

export interface RbfNetworkOptions {
  /** The number of centres; at most the number of examples. */
  readonly centres: number;
  /** The width of every bell. Default: the largest distance between two centres over √(2 centres), but for a single one 1. */
  readonly width?: number;
  /** The factor of the squared output weights beside the squared errors. Default 0.0001. */
  readonly ridge?: number;
  /** The passes over the examples in which everything moves, after the linear layer was solved. Default 0. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Of Adam. Default 0.01. */
  readonly learningRate?: number;
  /** The seed of the centres and of the order of the examples. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<RbfNetworkOptions> = {
  centres: check.required(check.count),
  width: check.positive,
  ridge: check.notNegative,
  epochs: check.natural,
  batchSize: check.count,
  learningRate: check.positive,
  seed: check.natural,
};

/** A radial basis function network. Learnt: `centres` `[centres, features]`, `widths` `[centres]`, `output` `[centres + 1, outputs]`. */
export class RbfNetwork extends Learner<RbfNetworkOptions> {
  readonly type = 'rbfNetwork';

  layout(): Layout {
    const { centres } = this.options;
    return { centres: [centres, 'features'], widths: [centres], output: [centres + 1, 'outputs'] };
  }

  /**
   * Three phases: k-means finds the centres, least squares the output weights, and with `epochs` gradient descent by `train` moves centres, widths and
   * weights together.
   * @param x float32 `[examples, features]`
   * @param y float32 `[examples]` or `[examples, outputs]`
   * @param more callbacks and a signal for the training
   * @throws SinapseError when there are fewer examples than centres
   */
  async fit(x: Tensor, y: Tensor, more: Pick<FitOptions, 'callbacks' | 'signal'> = {}): Promise<this> {
    await checkExamples(this.type, x);
    await checkTargets(this.type, x, y);
    const { centres: count, epochs = 0, batchSize = 32, learningRate = 0.01, ridge = 1e-4, seed = 0 } = this.options;
    if (count > x.shape[0]!) throw new SinapseError(`rbfNetwork: ${count} centres need as many examples, got ${x.shape[0]}`);
    const centres = (await kMeans({ clusters: count, seed }).fit(x)).arrays().get('centres')!;
    const solved = scope(() => {
      const widths = this.firstWidths(centres);
      const output = leastSquares(withOnes(bells(x, centres, widths)), asColumns(y), ridge);
      return { centres: centres.alias(), widths, output };
    });
    this.learn(solved);
    if (epochs === 0) return this;
    const model = new Trainable(solved);
    const targets = asColumns(y);
    await train(model, { x, y: targets, epochs, batchSize, seed, loss: meanSquaredError, optimizer: adam({ learningRate }), ...more });
    this.learn(scope(() => model.values()));
    return this;
  }

  /** @returns float32 `[batch, outputs]` */
  predict(x: Tensor): Tensor {
    return scope(() => matmul(withOnes(this.transform(x)), this.array('output')));
  }

  /** @returns the values of the bells exp(-|x - c|² / (2 width²)), float32 `[batch, centres]` */
  transform(x: Tensor): Tensor {
    const centres = this.array('centres');
    checkRows(this.type, x, centres.shape[1]);
    return scope(() => bells(x, centres, this.array('widths')));
  }

  private firstWidths(centres: Tensor): Tensor {
    const { width, centres: count } = this.options;
    if (width !== undefined || count === 1) return full([count], width ?? 1);
    return mul(full([count], Math.SQRT1_2 / Math.sqrt(count)), sqrt(max(squaredDistances(centres, centres))));
  }
}

function bells(x: Tensor, centres: Tensor, widths: Tensor): Tensor {
  return exp(neg(div(squaredDistances(x, centres), mul(mul(widths, widths), 2))));
}

/** The network as a model whose parameters are trained; widths as logarithms, so that they stay above 0. */
class Trainable {
  readonly centres: Parameter;
  readonly logWidths: Parameter;
  readonly output: Parameter;

  constructor({ centres, widths, output }: Record<'centres' | 'widths' | 'output', Tensor>) {
    this.centres = new Parameter(centres);
    this.logWidths = new Parameter(log(widths));
    this.output = new Parameter(output);
  }

  call(x: Tensor): Tensor {
    return matmul(withOnes(bells(x, this.centres.value, exp(this.logWidths.value))), this.output.value);
  }

  values(): Record<string, Tensor> {
    return { centres: this.centres.value, widths: exp(this.logWidths.value), output: this.output.value };
  }
}

/**
 * A radial basis function network. Broomhead, Lowe 1988, "Multivariable functional interpolation and adaptive networks"; centres by k-means: Moody, Darken
 * 1989, "Fast learning in networks of locally-tuned processing units".
 */
export function rbfNetwork(options: RbfNetworkOptions): RbfNetwork {
  checkOptions('rbfNetwork', options, OPTIONS);
  return new RbfNetwork(options);
}

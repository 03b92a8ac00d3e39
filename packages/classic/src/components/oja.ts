// Hebbian learning whose weights stay bounded: Oja's rule, and Sanger's for several components.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, check, checkOptions, gather, lowerTriangle, matmul, mean, mul, randomKey, randomNormal, randomPermutation, scope, sub } from '@sinapse/core'; // prettier-ignore
import { checkExamples, checkRows } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';

export interface OjaOptions {
  /** The number of neurons: the first finds the first principal component, each further one the next. Default 1. */
  readonly components?: number;
  /** The step; times the largest variance it must stay well below 1. It falls to a tenth during the training. Default 0.01. */
  readonly learningRate?: number;
  /** The passes over the examples. Default 50. */
  readonly epochs?: number;
  /** How many examples share a step. Default 8. */
  readonly batchSize?: number;
  /** The seed of the first weights and of the order of the examples. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<OjaOptions> = {
  components: check.count,
  learningRate: check.positive,
  epochs: check.count,
  batchSize: check.count,
  seed: check.natural,
};

/** Hebbian neurons. Learnt: `mean` `[1, features]` and `weights` `[components, features]`, whose rows tend to length 1. */
export class Oja extends Learner<OjaOptions> {
  readonly type = 'oja';

  layout(): Layout {
    return { mean: [1, 'features'], weights: [this.options.components ?? 1, 'features'] };
  }

  /**
   * Hebb's rule Δw = η y x, where y = w x, lets weights grow without bound; Oja subtracts η y² w, and neuron i of several also what the neurons before
   * it explain: ΔW = η (y xᵀ - lower(y yᵀ) W). The mean of the examples is taken off first.
   * @param x float32 `[examples, features]`
   * @throws SinapseError when there are fewer features than components, or weights grow beyond all bounds
   */
  async fit(x: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const [count, features] = x.shape as [number, number];
    const { components = 1, learningRate = 0.01, epochs = 50, batchSize = 8, seed = 0 } = this.options;
    if (components > features) throw new SinapseError(`oja: ${components} components need as many features, got ${features}`);
    const key = randomKey(seed);
    const learnt = scope(() => {
      const centre = mean(x, { axis: 0, keepDims: true });
      const centred = sub(x, centre);
      let weights = mul(randomNormal([components, features], { seed: key.fold('weights') }), 1 / Math.sqrt(features));
      for (let epoch = 0; epoch < epochs; epoch++) {
        const rate = learningRate * 0.1 ** (epoch / epochs);
        weights = scope(() => {
          const rows = gather(centred, randomPermutation(count, { seed: key.fold(epoch) }));
          let moved = weights;
          for (let begin = 0; begin < count; begin += batchSize) {
            const end = Math.min(count, begin + batchSize);
            moved = add(moved, mul(sangerStep(moved, rows.slice([{ begin, end }])), rate / (end - begin)));
          }
          return moved;
        });
      }
      return { mean: centre, weights };
    });
    if (!(await learnt.weights.data()).every(Number.isFinite))
      throw new SinapseError(`oja: the weights grew beyond all bounds; lower learningRate, ${learningRate}`);
    this.learn(learnt);
    return this;
  }

  /** @returns the outputs y = w x, float32 `[batch, components]` */
  transform(x: Tensor): Tensor {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.shape[1]);
    return scope(() => matmul(sub(x, this.array('mean')), weights, { transposeB: true }));
  }
}

/** Σ over examples of y xᵀ - lower(y yᵀ) W. */
function sangerStep(weights: Tensor, x: Tensor): Tensor {
  const y = matmul(x, weights, { transposeB: true });
  const hebb = matmul(y, x, { transposeA: true });
  return sub(hebb, matmul(lowerTriangle(matmul(y, y, { transposeA: true })), weights));
}

/**
 * Hebbian neurons that find principal components. Hebb 1949, "The organization of behavior"; Oja 1982, "A simplified neuron model as a principal component
 * analyzer"; Sanger 1989, "Optimal unsupervised learning in a single-layer linear feedforward neural network".
 */
export function oja(options: OjaOptions = {}): Oja {
  checkOptions('oja', options, OPTIONS);
  return new Oja(options);
}

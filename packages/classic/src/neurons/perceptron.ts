// The perceptron and its learning rule.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, greater, matmul, mul, scope, tensor } from '@sinapse/core';
import { checkClasses, checkExamples, checkRows, valuesFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { withOnes } from '../least-squares.ts';

export interface PerceptronOptions {
  /** The most passes over the examples. Default 1000. */
  readonly epochs?: number;
}

const OPTIONS: OptionChecks<PerceptronOptions> = { epochs: check.count };

/** How a training ended: every example right; weights that come again after a pass, so that it would never end; or its epochs are over. */
export type PerceptronOutcome = 'converged' | 'cycles' | 'epochs';

export interface PerceptronTraining {
  readonly outcome: PerceptronOutcome;
  /** How many times a wrong answer changed the weights. */
  readonly mistakes: number;
  /** The passes over the examples, the last one included. */
  readonly epochs: number;
}

/** A perceptron for two classes. Learnt: `weights` `[features + 1]`, the last of them the bias. */
export class Perceptron extends Learner<PerceptronOptions> {
  readonly type = 'perceptron';
  /** How the last `fit` ended; undefined before. */
  training: PerceptronTraining | undefined;

  layout(): Layout {
    return { weights: ['features + 1'] };
  }

  /**
   * Rosenblatt's rule: from weights of 0, the examples are taken in turn, and each wrong one is added to the weights (class 1) or subtracted (class 0).
   * Between two mistakes the weights stay as they are, so all examples are judged at once, and the next wrong one is taken.
   * @param x float32 `[examples, features]`
   * @param y int32 `[examples]`, classes 0 and 1
   */
  async fit(x: Tensor, y: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const classes = await checkClasses(this.type, x, y, 2);
    const signed = scope(() => mul(withOnes(x), tensor(Float32Array.from(classes, (c) => 2 * c - 1), { shape: [classes.length, 1] }))); // prettier-ignore
    const rows = (await signed.data()) as Float32Array;
    const width = signed.shape[1]!;
    const weights = new Float32Array(width);
    const seen = new Set<string>([String(weights)]);
    const { epochs = 1000 } = this.options;
    let mistakes = 0;
    let [outcome, epoch, next]: [PerceptronOutcome, number, number] = ['epochs', 1, 0];
    for (;;) {
      const margins = await valuesFrom(() => matmul(signed, tensor(weights, { shape: [width, 1] })));
      const wrong = firstWrong(margins, next);
      if (wrong === undefined) {
        outcome = 'converged';
        break;
      }
      if (wrong < next) {
        if (epoch === epochs) break;
        if (seen.has(String(weights))) {
          outcome = 'cycles';
          break;
        }
        seen.add(String(weights));
        epoch++;
      }
      mistakes++;
      for (let i = 0; i < width; i++) weights[i]! += rows[wrong * width + i]!;
      next = wrong + 1;
    }
    signed.dispose();
    this.learn({ weights: tensor(weights) });
    this.training = { outcome, mistakes, epochs: epoch };
    return this;
  }

  /** @returns int32 `[batch]`, class 1 where w x + b > 0 */
  predict(x: Tensor): Tensor {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.size - 1);
    return scope(() => greater(matmul(withOnes(x), weights.reshape([weights.size, 1])), 0).cast('int32').reshape([x.shape[0]!])); // prettier-ignore
  }
}

/** The first example from a place on, then from the start, that is not on its side. */
function firstWrong(margins: Float32Array, from: number): number | undefined {
  const after = margins.findIndex((margin, i) => i >= from && margin <= 0);
  const wrong = after >= 0 ? after : margins.findIndex((margin) => margin <= 0);
  return wrong < 0 ? undefined : wrong;
}

/**
 * A perceptron. On classes that a plane separates, it makes at most (R / γ)² mistakes, where R is the length of the longest example with its 1 for the
 * bias, and γ the widest margin (Novikoff 1962). Otherwise it never ends; on few examples its weights soon come again. Rosenblatt 1958, "The perceptron:
 * a probabilistic model for information storage and organization in the brain".
 */
export function perceptron(options: PerceptronOptions = {}): Perceptron {
  checkOptions('perceptron', options, OPTIONS);
  return new Perceptron(options);
}

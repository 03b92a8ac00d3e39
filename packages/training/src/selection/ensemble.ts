// Several models that answer as one: by the mean of what they say, or by a vote.

import type { LayerCall, Model, OptionChecks, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, argMax, check, checkOptions, log, logSumExp, mean, oneHot, scope, stack } from '@sinapse/core';
import type { Member, MemberOutput } from './members.ts';
import { buildMembers, callMembers, inputShapeOf, namedMembers, scoresOf } from './members.ts';

export interface EnsembleOptions {
  /**
   * `average`: the mean of the models' probabilities, or of their values. `vote`: the share of the models that decide for a class. Default
   * `average`.
   */
  readonly combine?: 'average' | 'vote';
  /** What the models give. Default `logits`. */
  readonly of?: MemberOutput;
}

const OPTIONS: OptionChecks<EnsembleOptions> = {
  combine: check.oneOf(['average', 'vote']),
  of: check.oneOf(['logits', 'probabilities', 'values']),
};

export class Ensemble implements Model {
  readonly type = 'ensemble';
  readonly members: ReadonlyMap<string, Model>;
  readonly combine: 'average' | 'vote';
  readonly of: MemberOutput;

  constructor(members: readonly Member[], { combine = 'average', of = 'logits' }: EnsembleOptions = {}) {
    this.members = namedMembers('ensemble', members);
    if (combine === 'vote' && of === 'values') throw new SinapseError('ensemble: combine: models that give values cannot vote for a class');
    this.combine = combine;
    this.of = of;
  }

  /** The shape of one input, without the batch axis, if a model knows it. */
  get inputShape(): Shape | undefined {
    return inputShapeOf(this.members.values());
  }

  /** Builds the models, each with random numbers of its own. */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    return buildMembers('ensemble', this.members, inputShape, seed);
  }

  /**
   * @param x `[batch, …]`, the input of every model
   * @returns the mean of the values, or log(p) `[batch, classes]`, logits whose softmax is p: the mean of the probabilities, or the shares of the
   *   votes
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return scope(() => {
      const outputs = callMembers('ensemble', this.members, x, context);
      if (this.combine === 'vote') return log(mean(stack(outputs.map(votesOf)), { axis: 0 }));
      const scores = stack(outputs.map((output) => scoresOf(output, this.of)));
      if (this.of === 'values') return mean(scores, { axis: 0 });
      return logSumExp(scores, { axis: 0 }).sub(Math.log(outputs.length));
    });
  }

  children(): Iterable<readonly [string, Model]> {
    return this.members;
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [[...this.members], { combine: this.combine, of: this.of }] };
  }
}

/** 1 for the class with the highest score, of equal ones the first, and 0 for all others. */
function votesOf(output: Tensor): Tensor {
  return oneHot(argMax(output, { axis: -1 }), output.shape.at(-1)!);
}

/**
 * Makes one model of several: `ensemble([a, b, c])`. The mean of their probabilities is better than most of them alone if they err in different ways:
 * made with other seeds, data or architectures. Hansen, Salamon 1990, "Neural network ensembles"; for regressions Perrone, Cooper 1993.
 *
 * It is a model like any other: it can be evaluated, trained further, and saved in one file, which `openModel(file, { ...allLayers,
 * ...ensembleLayers })` opens.
 * @param members models, or `[name, model]`, which take one input and give one shape
 * @throws SinapseError when the list is empty, an entry is no model, or an option is wrong
 */
export function ensemble(members: readonly Member[], options: EnsembleOptions = {}): Ensemble {
  checkOptions('ensemble', options, OPTIONS);
  return new Ensemble(members, options);
}

// An associative memory: patterns are the places where the energy of a network is least.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, all, any, check, checkOptions, equal, eye, logicalOr, matmul, mul, notEqual, oneHot, randomKey, randomPermutation, scope, sign, sub, sum, tensor, where } from '@sinapse/core'; // prettier-ignore
import { checkRows, holds } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';

export interface HopfieldOptions {
  /** The most rounds over all units in which a state may settle. Default 20. */
  readonly rounds?: number;
  /** The seed of the order of the units. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<HopfieldOptions> = { rounds: check.count, seed: check.natural };

/** A Hopfield memory. Learnt: `weights` `[units, units]`, symmetric, with a diagonal of 0. */
export class Hopfield extends Learner<HopfieldOptions> {
  readonly type = 'hopfield';

  layout(): Layout {
    return { weights: ['units', 'units'] };
  }

  /**
   * Stores patterns by Hebb's rule: W = (1 / units) Σ p pᵀ without its diagonal.
   * @param patterns float32 `[patterns, units]` of 1 and -1; about 0.14 units of random ones can be recalled
   */
  async fit(patterns: Tensor): Promise<this> {
    await this.checkSigns(patterns);
    const units = patterns.shape[1]!;
    this.learn({
      weights: scope(() => {
        const products = mul(matmul(patterns, patterns, { transposeA: true }), 1 / units);
        return mul(products, sub(1, eye(units)));
      }),
    });
    return this;
  }

  /**
   * What states remind of. Units take turns in random order: each takes the sign of its input W s, and keeps its value where that is 0. No such turn
   * raises the energy, so states settle.
   * @param x float32 `[batch, units]` of 1 and -1
   * @returns `[batch, units]` of 1 and -1
   */
  async predict(x: Tensor): Promise<Tensor> {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.shape[0]);
    await this.checkSigns(x);
    const { rounds = 20, seed = 0 } = this.options;
    const units = x.shape[1]!;
    let state = x.alias();
    for (let round = 0; round < rounds; round++) {
      const order = await randomPermutation(units, { seed: randomKey(seed).fold(round) }).data();
      const { next, changed } = scope(() => {
        let settled = state;
        for (const unit of order) settled = scope(() => update(settled, weights, unit));
        return { next: settled, changed: any(notEqual(settled, state)) };
      });
      const ends = !(await holds(() => changed));
      if (next !== state) state.dispose();
      state = next;
      if (ends) break;
    }
    return state;
  }

  /** @returns the energy -½ s W s of states `[batch, units]`, float32 `[batch]` */
  energy(x: Tensor): Tensor {
    const weights = this.array('weights');
    checkRows(this.type, x, weights.shape[0]);
    return scope(() => mul(sum(mul(matmul(x, weights), x), { axis: 1 }), -0.5));
  }

  private async checkSigns(x: Tensor): Promise<void> {
    checkRows(this.type, x);
    if (!(await holds(() => all(logicalOr(equal(x, 1), equal(x, -1))))))
      throw new SinapseError('hopfield: x must be of 1 and -1 only; x.mul(2).sub(1) makes them of 0 and 1');
  }
}

/** The states after one unit has taken the sign of its input. */
function update(state: Tensor, weights: Tensor, unit: number): Tensor {
  const units = state.shape[1]!;
  const input = matmul(state, weights.slice([null, { begin: unit, end: unit + 1 }]));
  const old = state.slice([null, { begin: unit, end: unit + 1 }]);
  const value = where(equal(input, 0), old, sign(input));
  const place = equal(oneHot(tensor(Int32Array.of(unit)), units), 1);
  return where(place, value, state);
}

/** A Hopfield memory. Hopfield 1982, "Neural networks and physical systems with emergent collective computational abilities". */
export function hopfield(options: HopfieldOptions = {}): Hopfield {
  checkOptions('hopfield', options, OPTIONS);
  return new Hopfield(options);
}

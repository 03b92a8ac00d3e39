// Kohonen's self-organising map: a sheet of units that spreads over the examples.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, argMin, cast, check, checkOptions, concat, div, exp, gather, greater, lessEqual, linspace, logicalAnd, matmul, maximum, mean, min, mul, oneHot, randomKey, randomPermutation, reshape, scope, sqrt, sub, sum, takeAlong, tensor, topK } from '@sinapse/core'; // prettier-ignore
import { pca } from '../components/pca.ts';
import { squaredDistances } from '../distances.ts';
import { checkExamples, checkRows, numberFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import type { Topology } from './grid.ts';
import { gridDistances, neighbourhood } from './grid.ts';

export interface SelfOrganisingMapOptions {
  readonly rows: number;
  readonly columns: number;
  /** Default `hexagonal`. */
  readonly topology?: Topology;
  /** `online`: a step for each example, in random order; `batch`: all units at once to the weighted means of the examples. Default `batch`. */
  readonly learning?: 'online' | 'batch';
  /** Where units start: spread over the plane of the first two principal components, or at random examples. Default `plane`. */
  readonly start?: 'plane' | 'examples';
  /** The passes over the examples. Default 20. */
  readonly epochs?: number;
  /** The first radius of the neighbourhood, in units; it falls to `lastRadius` by the same factor in each pass. Default half the longer side. */
  readonly radius?: number;
  /** Default 0.5. */
  readonly lastRadius?: number;
  /** The first step of online learning; it falls to a hundredth. Default 0.5. */
  readonly learningRate?: number;
  /** The seed of the order of the examples, and of random starts. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<SelfOrganisingMapOptions> = {
  rows: check.required(check.count),
  columns: check.required(check.count),
  topology: check.oneOf(['rectangular', 'hexagonal']),
  learning: check.oneOf(['online', 'batch']),
  start: check.oneOf(['plane', 'examples']),
  epochs: check.count,
  radius: check.positive,
  lastRadius: check.positive,
  learningRate: check.positive,
  seed: check.natural,
};

/** A self-organising map. Learnt: `units` `[rows × columns, features]`, row by row. */
export class SelfOrganisingMap extends Learner<SelfOrganisingMapOptions> {
  readonly type = 'selfOrganisingMap';

  layout(): Layout {
    return { units: [this.options.rows * this.options.columns, 'features'] };
  }

  /** @param x float32 `[examples, features]` */
  async fit(x: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const { rows, columns, learning = 'batch', epochs = 20, learningRate = 0.5, lastRadius = 0.5 } = this.options;
    const { radius = Math.max(lastRadius, Math.max(rows, columns) / 2) } = this.options;
    let units = await this.start(x);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const progress = epochs === 1 ? 1 : epoch / (epochs - 1);
      const reach = radius * (lastRadius / radius) ** progress;
      const before = units;
      units = scope(() => {
        const near = exp(mul(this.grid(), -1 / (2 * reach ** 2)));
        return learning === 'batch' ? batchPass(x, before, near) : this.onlinePass(x, before, near, learningRate * 0.01 ** progress, epoch);
      });
      before.dispose();
    }
    this.learn({ units });
    return this;
  }

  /** @returns the number of each example's nearest unit, row by row, int32 `[batch]` */
  predict(x: Tensor): Tensor {
    return scope(() => argMin(this.distances(x), { axis: 1 }));
  }

  /** @returns the distances to all units, float32 `[batch, rows × columns]` */
  transform(x: Tensor): Tensor {
    return scope(() => sqrt(this.distances(x)));
  }

  /** @returns the mean distance of examples to their nearest unit */
  quantisationError(x: Tensor): Promise<number> {
    return numberFrom(() => mean(sqrt(min(this.distances(x), { axis: 1 }))));
  }

  /**
   * The share of examples whose two nearest units are no neighbours (Kiviluoto 1996): where it is low, the map keeps what lies together together.
   * @throws SinapseError when the map has a single unit
   */
  topographicError(x: Tensor): Promise<number> {
    if (this.options.rows * this.options.columns < 2)
      throw new SinapseError('selfOrganisingMap: the topographic error needs at least 2 units, got 1');
    return numberFrom(() => {
      const two = topK(this.distances(x).neg(), 2, { axis: 1 }).indices;
      const [first, second] = [two.slice([null, 0]), two.slice([null, { begin: 1, end: 2 }])];
      const apart = takeAlong(gather(this.grid(), first), second);
      return mean(cast(greater(apart, neighbourhood(this.options.topology ?? 'hexagonal')), 'float32'));
    });
  }

  /**
   * The U-matrix (Ultsch, Siemon 1990): the mean distance of each unit to its neighbours. Ridges of large values part the clusters.
   * @returns float32 `[rows, columns]`
   */
  uMatrix(): Tensor {
    const units = this.array('units');
    const { rows, columns, topology = 'hexagonal' } = this.options;
    return scope(() => {
      const grid = this.grid();
      const neighbours = cast(logicalAnd(lessEqual(grid, neighbourhood(topology)), greater(grid, 0.5)), 'float32');
      const apart = sqrt(squaredDistances(units, units));
      return reshape(div(sum(mul(apart, neighbours), { axis: 1 }), maximum(sum(neighbours, { axis: 1 }), 1)), [rows, columns]);
    });
  }

  private grid(): Tensor {
    const { rows, columns, topology = 'hexagonal' } = this.options;
    return gridDistances(rows, columns, topology);
  }

  private distances(x: Tensor): Tensor {
    const units = this.array('units');
    checkRows(this.type, x, units.shape[1]);
    return squaredDistances(x, units);
  }

  private async start(x: Tensor): Promise<Tensor> {
    const { rows, columns, start = 'plane', seed = 0 } = this.options;
    const [count, features] = x.shape as [number, number];
    if (start === 'examples' || count < 2) {
      const drawn = (await randomPermutation(count, { seed: randomKey(seed).fold('start') }).data()) as Int32Array;
      return gather(x, tensor(Int32Array.from({ length: rows * columns }, (_, unit) => drawn[unit % count]!)));
    }
    const plane = await pca({ components: Math.min(2, features), whiten: true }).fit(x);
    return scope(() => {
      // The longer side of the map lies along the first component.
      const along = (length: number): Tensor => (length === 1 ? tensor([0]) : linspace(-1, 1, length));
      const down = reshape(along(rows), [rows, 1, 1]).add(tensor(new Float32Array(columns), { shape: [1, columns, 1] }));
      const across = reshape(along(columns), [1, columns, 1]).add(tensor(new Float32Array(rows), { shape: [rows, 1, 1] }));
      const places = reshape(concat(rows > columns ? [down, across] : [across, down], 2), [rows * columns, 2]);
      return plane.inverse(places.slice([null, { begin: 0, end: Math.min(2, features) }]));
    });
  }

  /** For each example in turn: every unit moves towards it, by the step times its nearness to the unit that is nearest. */
  private onlinePass(x: Tensor, units: Tensor, near: Tensor, rate: number, epoch: number): Tensor {
    const order = randomPermutation(x.shape[0]!, { seed: randomKey(this.options.seed ?? 0).fold(epoch) });
    const shuffled = gather(x, order);
    let moved = units;
    for (let i = 0; i < x.shape[0]!; i++)
      moved = scope(() => {
        const example = shuffled.slice([{ begin: i, end: i + 1 }]);
        const winner = argMin(squaredDistances(example, moved), { axis: 1 });
        const pull = mul(reshape(gather(near, winner), [moved.shape[0]!, 1]), rate);
        return add(moved, mul(pull, sub(example, moved)));
      });
    return moved;
  }
}

/** Every unit becomes the mean of all examples, each weighted by how near its own unit is. A unit that is near none stays. */
function batchPass(x: Tensor, units: Tensor, near: Tensor): Tensor {
  const winners = oneHot(argMin(squaredDistances(x, units), { axis: 1 }), units.shape[0]!);
  const weights = matmul(winners, near);
  const totals = reshape(sum(weights, { axis: 0 }), [units.shape[0]!, 1]);
  const means = div(matmul(weights, x, { transposeA: true }), maximum(totals, 1e-30));
  return add(units, mul(cast(greater(totals, 1e-20), 'float32'), sub(means, units)));
}

/**
 * A self-organising map. Kohonen 1982, "Self-organized formation of topologically correct feature maps"; the batch map: Kohonen 2001, "Self-organizing
 * maps", section 3.6.
 */
export function selfOrganisingMap(options: SelfOrganisingMapOptions): SelfOrganisingMap {
  checkOptions('selfOrganisingMap', options, OPTIONS);
  return new SelfOrganisingMap(options);
}

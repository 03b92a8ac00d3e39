// k-means: clusters around centres.

import type { OptionChecks, RandomKey, Tensor } from '@sinapse/core';
import { RandomStream, SinapseError, argMin, check, checkOptions, div, gather, greater, matmul, max, maximum, mean, min, oneHot, randomKey, scope, stack, sub, sum, tensor, where } from '@sinapse/core'; // prettier-ignore
import { squaredDistances } from '../distances.ts';
import { checkExamples, checkRows, numberFrom, valuesFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';

export interface KMeansOptions {
  /** The number of clusters. */
  readonly clusters: number;
  /** How many starts are tried; the one with the least inertia is kept. Default 4. */
  readonly restarts?: number;
  /** The most iterations of a start. Default 100. */
  readonly iterations?: number;
  /** The seed of the first centres. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<KMeansOptions> = {
  clusters: check.required(check.count),
  restarts: check.count,
  iterations: check.count,
  seed: check.natural,
};

/** Clusters around centres. Learnt: `centres` `[clusters, features]`. */
export class KMeans extends Learner<KMeansOptions> {
  readonly type = 'kMeans';
  /** The mean squared distance of the examples to their centre, after each iteration of the start that was kept. */
  inertias: readonly number[] = [];

  layout(): Layout {
    return { centres: [this.options.clusters, 'features'] };
  }

  /**
   * Lloyd's algorithm: each example goes to its nearest centre, each centre to the mean of its examples, until none moves. A centre without examples
   * stays where it is.
   * @param x float32 `[examples, features]`
   * @throws SinapseError when there are fewer examples than clusters
   */
  async fit(x: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const { clusters, restarts = 4, iterations = 100, seed = 0 } = this.options;
    if (clusters > x.shape[0]!) throw new SinapseError(`kMeans: ${clusters} clusters need as many examples, got ${x.shape[0]}`);
    let least = Infinity;
    for (let restart = 0; restart < restarts; restart++) {
      let centres = await firstCentres(x, clusters, randomKey(seed).fold(restart));
      const inertias: number[] = [];
      for (let iteration = 0; iteration < iterations; iteration++) {
        const { moved, figures } = scope(() => iterate(x, centres));
        centres.dispose();
        centres = moved;
        const [inertia, shift] = await valuesFrom(() => figures);
        inertias.push(inertia!);
        if (shift === 0) break;
      }
      if (inertias.at(-1)! < least) {
        least = inertias.at(-1)!;
        this.inertias = inertias;
        this.learn({ centres });
      } else centres.dispose();
    }
    return this;
  }

  /** @returns the number of each example's nearest centre, int32 `[batch]` */
  predict(x: Tensor): Tensor {
    return scope(() => argMin(this.distances(x), { axis: 1 }));
  }

  /** @returns the distances to the centres, float32 `[batch, clusters]` */
  transform(x: Tensor): Tensor {
    return scope(() => this.distances(x).sqrt());
  }

  /** @returns the mean squared distance of examples to their nearest centre */
  inertia(x: Tensor): Promise<number> {
    return numberFrom(() => mean(min(this.distances(x), { axis: 1 })));
  }

  private distances(x: Tensor): Tensor {
    const centres = this.array('centres');
    checkRows(this.type, x, centres.shape[1]);
    return squaredDistances(x, centres);
  }
}

function iterate(x: Tensor, centres: Tensor): { moved: Tensor; figures: Tensor } {
  const distances = squaredDistances(x, centres);
  const members = oneHot(argMin(distances, { axis: 1 }), centres.shape[0]!);
  const counts = sum(members, { axis: 0 }).reshape([centres.shape[0]!, 1]);
  const means = div(matmul(members, x, { transposeA: true }), maximum(counts, 1));
  const moved = where(greater(counts, 0), means, centres);
  return { moved, figures: stack([mean(min(distances, { axis: 1 })), max(sub(moved, centres).abs())]) };
}

/** k-means++: each next centre is an example drawn by its squared distance to the nearest centre so far (Arthur, Vassilvitskii 2007). */
async function firstCentres(x: Tensor, clusters: number, key: RandomKey): Promise<Tensor> {
  const random = new RandomStream(key);
  const chosen = [random.below(x.shape[0]!)];
  while (chosen.length < clusters) {
    const places = Int32Array.from(chosen);
    const nearest = await valuesFrom(() => min(squaredDistances(x, gather(x, tensor(places))), { axis: 1 }));
    for (const place of chosen) nearest[place] = 0;
    let left = random.uniform() * nearest.reduce((total, each) => total + each, 0);
    const drawn = nearest.findIndex((each) => (left -= each) < 0);
    chosen.push(drawn >= 0 ? drawn : nearest.findIndex((_, i) => !chosen.includes(i)));
  }
  return gather(x, tensor(Int32Array.from(chosen)));
}

/** k-means. Lloyd 1982, "Least squares quantization in PCM", from centres of k-means++. */
export function kMeans(options: KMeansOptions): KMeans {
  checkOptions('kMeans', options, OPTIONS);
  return new KMeans(options);
}

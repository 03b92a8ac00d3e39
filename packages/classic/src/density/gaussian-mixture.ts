// A density as a sum of normal distributions, found by expectation and maximisation.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { RandomStream, SinapseError, add, check, checkOptions, checkValue, cholesky, diagonal, div, exp, expandDims, eye, full, gather, hostNormal, log, logSumExp, matmul, mean, mul, randomKey, reshape, scope, square, squeeze, sub, sum, tensor, triangularSolve } from '@sinapse/core'; // prettier-ignore
import { kMeans } from '../clusters/k-means.ts';
import { checkExamples, checkRows, numberFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';

export interface GaussianMixtureOptions {
  /** The number of normal distributions. */
  readonly components: number;
  /** What is added to every variance, so that none vanishes. Default 0.000001. */
  readonly regularisation?: number;
  /** The most iterations. Default 100. */
  readonly iterations?: number;
  /** An iteration that raises the mean log-likelihood by less is the last one. Default 0.0001. */
  readonly tolerance?: number;
  /** The seed of k-means, from which the mixture starts. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<GaussianMixtureOptions> = {
  components: check.required(check.count),
  regularisation: check.positive,
  iterations: check.count,
  tolerance: check.notNegative,
  seed: check.natural,
};

interface Mixture {
  readonly shares: Tensor;
  readonly means: Tensor;
  readonly covariances: Tensor;
}

/** A Gaussian mixture. Learnt: `shares` `[components]`, `means` `[components, features]`, `covariances` `[components, features, features]`. */
export class GaussianMixture extends Learner<GaussianMixtureOptions> {
  readonly type = 'gaussianMixture';
  /** The mean log-likelihood of the examples before each iteration. */
  logLikelihoods: readonly number[] = [];

  layout(): Layout {
    const { components } = this.options;
    return { shares: [components], means: [components, 'features'], covariances: [components, 'features', 'features'] };
  }

  /**
   * @param x float32 `[examples, features]`
   * @throws SinapseError when there are fewer examples than components
   */
  async fit(x: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const { components, regularisation = 1e-6, iterations = 100, tolerance = 1e-4, seed = 0 } = this.options;
    if (components > x.shape[0]!)
      throw new SinapseError(`gaussianMixture: ${components} components need as many examples, got ${x.shape[0]}`);
    const clusters = await kMeans({ clusters: components, seed }).fit(x);
    const share = await clusters.inertia(x);
    const features = x.shape[1]!;
    let mixture: Mixture = scope(() => ({
      shares: full([components], 1 / components),
      means: clusters.arrays().get('centres')!.alias(),
      covariances: mul(add(mul(eye(features), share / features), mul(eye(features), regularisation)), full([components, 1, 1], 1)),
    }));
    const likelihoods: number[] = [];
    for (let iteration = 0; iteration < iterations; iteration++) {
      const before = mixture;
      const { next, likelihood } = scope(() => iterate(x, before, regularisation));
      likelihoods.push(await numberFrom(() => likelihood));
      Object.values(before).forEach((array: Tensor) => array.dispose());
      mixture = next;
      const [last, now] = [likelihoods.at(-2), likelihoods.at(-1)!];
      if (!Number.isFinite(now)) throw new SinapseError(`gaussianMixture: a component collapsed; raise regularisation, ${regularisation}`);
      if (last !== undefined && now - last < tolerance) break;
    }
    this.logLikelihoods = likelihoods;
    this.learn({ ...mixture });
    return this;
  }

  /** @returns the likeliest component of each example, int32 `[batch]` */
  predict(x: Tensor): Tensor {
    return scope(() => this.transform(x).argMax({ axis: 1 }));
  }

  /** @returns the probability of each component for each example, float32 `[batch, components]` */
  transform(x: Tensor): Tensor {
    return scope(() => logDensities(x, this.mixture(x)).softmax());
  }

  /** @returns the logarithm of the density at each example, float32 `[batch]`; low where examples are unusual */
  logDensity(x: Tensor): Tensor {
    return scope(() => logSumExp(logDensities(x, this.mixture(x)), { axis: 1 }));
  }

  /** @returns examples drawn from the density, float32 `[count, features]` */
  async sample(count: number, seed: number): Promise<Tensor> {
    const { shares, means, covariances } = this.mixture();
    checkValue(`${this.type}: sample`, count, check.count, 'count');
    checkValue(`${this.type}: sample`, seed, check.natural, 'seed');
    const parts = await shares.data();
    const random = new RandomStream(randomKey(seed).fold('components'));
    const chosen = Int32Array.from({ length: count }, () => {
      let left = random.uniform();
      const component = parts.findIndex((part) => (left -= part) < 0);
      return component < 0 ? parts.length - 1 : component;
    });
    const features = means.shape[1]!;
    const noise = hostNormal(randomKey(seed).fold('noise'), count * features);
    return scope(() => {
      const components = tensor(chosen);
      const roots = gather(cholesky(covariances), components);
      return add(gather(means, components), squeeze(matmul(roots, tensor(noise, { shape: [count, features, 1] })), [2]));
    });
  }

  private mixture(x?: Tensor): Mixture {
    const [shares, means, covariances] = [this.array('shares'), this.array('means'), this.array('covariances')];
    if (x !== undefined) checkRows(this.type, x, means.shape[1]);
    return { shares, means, covariances };
  }
}

/** log(share · density) of each component at each example, `[batch, components]`. */
function logDensities(x: Tensor, { shares, means, covariances }: Mixture): Tensor {
  const roots = cholesky(covariances);
  const centred = sub(expandDims(x, 0), expandDims(means, 1)).transpose([0, 2, 1]);
  const distances = sum(square(triangularSolve(roots, centred)), { axis: 1 });
  const logRoots = sum(log(diagonal(roots)), { axis: 1 });
  const constants = sub(sub(log(shares), logRoots), 0.5 * x.shape[1]! * Math.log(2 * Math.PI));
  return add(mul(distances.transpose(), -0.5), constants);
}

/** One step of expectation (whose example is whose) and maximisation (shares, means and covariances by these weights). */
function iterate(x: Tensor, mixture: Mixture, regularisation: number): { next: Mixture; likelihood: Tensor } {
  const densities = logDensities(x, mixture);
  const totals = logSumExp(densities, { axis: 1, keepDims: true });
  const owners = exp(sub(densities, totals));
  const sizes = add(sum(owners, { axis: 0 }), 1e-10);
  const components = sizes.size;
  const means = div(matmul(owners, x, { transposeA: true }), reshape(sizes, [components, 1]));
  const centred = sub(expandDims(x, 0), expandDims(means, 1));
  const weighted = mul(centred, expandDims(owners.transpose(), 2));
  const products = matmul(weighted, centred, { transposeA: true });
  const covariances = add(div(products, reshape(sizes, [components, 1, 1])), mul(eye(x.shape[1]!), regularisation));
  return { next: { shares: div(sizes, sum(sizes)), means, covariances }, likelihood: mean(totals) };
}

/** A Gaussian mixture. Dempster, Laird, Rubin 1977, "Maximum likelihood from incomplete data via the EM algorithm". */
export function gaussianMixture(options: GaussianMixtureOptions): GaussianMixture {
  checkOptions('gaussianMixture', options, OPTIONS);
  return new GaussianMixture(options);
}

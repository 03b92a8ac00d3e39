// t-SNE: points in a plane that are near each other where examples are.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, check, checkOptions, cast, div, equal, exp, eye, full, greater, log, matmul, maximum, mean, mul, ones, randomKey, randomNormal, reciprocal, scope, sign, sub, sum, where, zeros } from '@sinapse/core'; // prettier-ignore
import { pca } from '../components/pca.ts';
import { squaredDistances } from '../distances.ts';
import { checkExamples, numberFrom } from '../inputs.ts';

export interface TsneOptions {
  /** The axes of the picture. Default 2. */
  readonly dimensions?: number;
  /** About how many neighbours an example has; below a third of the examples. Default 20. */
  readonly perplexity?: number;
  /** Default 500. */
  readonly iterations?: number;
  /** Default: the examples over 12, but at least 50. */
  readonly learningRate?: number;
  /** The seed of the noise by which it starts beside the principal components. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<TsneOptions> = {
  dimensions: check.count,
  perplexity: { expected: 'a finite number >= 1', accepts: (value) => check.positive.accepts(value) && (value as number) >= 1 },
  iterations: check.count,
  learningRate: check.positive,
  seed: check.natural,
};

/** Attraction is so many times stronger in the first iterations, so that clusters find together. */
const EXAGGERATION = 12;
const EXAGGERATED_SHARE = 0.25;
const BISECTIONS = 50;

/** A picture of examples. */
export interface Embedding {
  /** A point for each example, float32 `[examples, dimensions]`. */
  readonly points: Tensor;
  /** The Kullback-Leibler divergence that is left, >= 0. */
  readonly divergence: number;
}

/**
 * An embedding of examples, for looking at them: Student-t similarities of points come near normal similarities of examples. It computes all pairs, so it
 * is meant for up to a few thousand examples; it learns nothing that could place others. Van der Maaten, Hinton 2008, "Visualizing data using t-SNE",
 * algorithm 1, with gains and early exaggeration, from the principal components (Kobak, Berens 2019).
 * @param x float32 `[examples, features]`, at least 4 examples
 * @throws SinapseError when the perplexity is not below a third of the examples
 */
export async function tsne(x: Tensor, options: TsneOptions = {}): Promise<Embedding> {
  checkOptions('tsne', options, OPTIONS);
  await checkExamples('tsne', x);
  const [count, features] = x.shape as [number, number];
  const { dimensions = 2, perplexity = 20, iterations = 500, learningRate = Math.max(50, count / EXAGGERATION), seed = 0 } = options;
  if (perplexity >= count / 3) throw new SinapseError(`tsne: perplexity must be below a third of the ${count} examples, got ${perplexity}`);
  const similar = scope(() => jointSimilarities(x, perplexity));
  const noise = randomNormal([count, dimensions], { seed: randomKey(seed), deviation: 1e-4 });
  let points = noise;
  if (dimensions <= features) {
    const plane = await pca({ components: dimensions }).fit(x);
    points = scope(() => {
      const along = plane.transform(x);
      const size = maximum(
        along
          .slice([null, { begin: 0, end: 1 }])
          .square()
          .mean()
          .sqrt(),
        1e-12,
      );
      return add(mul(div(along, size), 1e-4), mul(noise, 0.01));
    });
  }
  let state: State = { points, moves: zeros(points.shape), gains: ones(points.shape) };
  const exaggerated = Math.floor(EXAGGERATED_SHARE * iterations);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const before = state;
    const early = iteration < exaggerated;
    state = scope(() => move(before, early ? mul(similar, EXAGGERATION) : similar, learningRate, early ? 0.5 : 0.8));
    Object.values(before).forEach((array: Tensor) => array.dispose());
  }
  const final = state;
  const divergence = await numberFrom(() => {
    const near = studentSimilarities(final.points);
    return sum(mul(similar, log(div(maximum(similar, 1e-12), maximum(div(near, sum(near)), 1e-12)))));
  });
  [similar, final.moves, final.gains].forEach((array) => array.dispose());
  return { points: final.points, divergence: Math.max(0, divergence) };
}

interface State {
  readonly points: Tensor;
  readonly moves: Tensor;
  readonly gains: Tensor;
}

/**
 * p(j | i) by normal distributions whose precision gives each example the perplexity, made symmetric. The precisions of all examples are bisected at once.
 * @returns `[examples, examples]`, which adds up to 1
 */
export function jointSimilarities(x: Tensor, perplexity: number): Tensor {
  const count = x.shape[0]!;
  const own = equal(eye(count), 1);
  const distances = squaredDistances(x, x);
  // In units of the mean distance, a precision lies within e^-20 and e^20.
  const relative = div(distances, maximum(mean(distances), 1e-30));
  const rowsOf = (logPrecision: Tensor): Tensor => where(own, full([1], -1e30), mul(relative, exp(logPrecision)).neg()).softmax();
  let [low, high] = [full([count, 1], -20), full([count, 1], 20)];
  for (let step = 0; step < BISECTIONS; step++)
    [low, high] = scope(() => {
      const middle = mul(add(low, high), 0.5);
      const rows = rowsOf(middle);
      const entropy = sum(mul(rows, log(maximum(rows, 1e-30))), { axis: 1, keepDims: true }).neg();
      const wide = greater(entropy, Math.log(perplexity));
      return [where(wide, middle, low), where(wide, high, middle)] as [Tensor, Tensor];
    });
  const rows = rowsOf(mul(add(low, high), 0.5));
  return div(add(rows, rows.transpose()), 2 * count);
}

/** 1 / (1 + d²) of all pairs of points, 0 of each with itself. */
function studentSimilarities(points: Tensor): Tensor {
  const near = reciprocal(add(squaredDistances(points, points), 1));
  return mul(near, sub(1, eye(points.shape[0]!)));
}

/** The gradient 4 Σ_j (p - q) (y_i - y_j) / (1 + d²), and a step along it with momentum and a gain for each coordinate. */
function move({ points, moves, gains }: State, similar: Tensor, rate: number, momentum: number): State {
  const near = studentSimilarities(points);
  const pulls = mul(sub(similar, div(near, sum(near))), near);
  const gradient = mul(sub(mul(points, sum(pulls, { axis: 1, keepDims: true })), matmul(pulls, points)), 4);
  const against = cast(equal(sign(gradient), sign(moves)), 'float32');
  const next = maximum(add(mul(gains, sub(1, mul(against, 0.2))), mul(sub(1, against), 0.2)), 0.01);
  const step = sub(mul(moves, momentum), mul(mul(next, gradient), rate));
  const moved = add(points, step);
  return { points: sub(moved, mean(moved, { axis: 0, keepDims: true })), moves: step, gains: next };
}

// Losses of embeddings: vectors of what belongs together shall be near to each other, others far apart.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  ShapeError,
  add,
  check,
  checkOptions,
  formatShape,
  fused,
  lessEqual,
  mul,
  sameShape,
  square,
  sub,
  sum,
  where,
} from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, checkTensors, reduced, targetOf } from './reduction.ts';

export interface TripletOptions extends ReductionOptions {
  /** By how much the negative must be further away than the positive, in squared distance, > 0. Default 0.2, as in the paper. */
  readonly margin?: number;
}

const TRIPLET: OptionChecks<TripletOptions> = { ...REDUCTION, margin: check.positive };

/**
 * max(0, |anchor - positive|² - |anchor - negative|² + margin). Schroff, Kalenichenko, Philbin 2015, "FaceNet", equation 3.
 * @param anchor float32 `[batch, features]`
 * @param positive of the same shape: embeddings of what belongs to the anchors
 * @param negative of the same shape: embeddings of what does not
 * @returns a scalar: the mean over the batch, or the sum
 * @throws ShapeError when the shapes differ
 */
export function triplet(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletOptions = {}): Tensor {
  checkOptions('triplet', options, TRIPLET);
  checkTensors('triplet', anchor, positive);
  checkTensors('triplet', anchor, negative);
  const { shape } = anchor;
  if (shape.length < 2 || !sameShape(shape, positive.shape) || !sameShape(shape, negative.shape))
    throw new ShapeError(
      `triplet: anchor, positive and negative must have one shape [batch, features], got ${[anchor, positive, negative].map((each) => formatShape(each.shape)).join(', ')}`,
    );
  const distance = (to: Tensor): Tensor => sum(square(sub(anchor, to)), { axis: -1 });
  return reduced('triplet', excess(distance(positive), distance(negative), options.margin ?? 0.2), options);
}

const excess = fused((near: Tensor, far: Tensor, margin: number) => {
  const x = add(sub(near, far), margin);
  return where(lessEqual(x, 0), 0, x); // NaN stays NaN
});

export interface ContrastiveOptions extends ReductionOptions {
  /** The distance beyond which a pair that does not belong together costs nothing, > 0. Default 1. */
  readonly margin?: number;
}

const CONTRASTIVE: OptionChecks<ContrastiveOptions> = { ...REDUCTION, margin: check.positive };

/**
 * t d²/2 + (1 - t) max(0, margin - d)²/2 for pairs at the distance d. Hadsell, Chopra, LeCun 2006, equation 4; its Y is 1 - t.
 * @param distance float32, >= 0: of two embeddings, e.g. `norm(sub(a, b), { axis: -1 })`
 * @param target 1 (or true) where the two belong together, 0 where they do not; in the shape of the distances
 * @returns a scalar: the mean over all pairs, or the sum
 */
export function contrastive(distance: Tensor, target: Tensor, options: ContrastiveOptions = {}): Tensor {
  checkOptions('contrastive', options, CONTRASTIVE);
  return reduced('contrastive', costsOfPairs(distance, targetOf('contrastive', distance, target), options.margin ?? 1), options);
}

const costsOfPairs = fused((distance: Tensor, target: Tensor, margin: number) => {
  const missing = sub(margin, distance);
  const apart = square(where(lessEqual(missing, 0), 0, missing));
  return mul(add(mul(target, square(distance)), mul(sub(1, target), apart)), 0.5);
});

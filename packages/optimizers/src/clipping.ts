// Gradient clipping: what keeps one bad batch from throwing the parameters far away.

import type { Tensor } from '@sinapse/core';
import { check, checkValue, clip, div, minimum, mul, scope, sqrt, square, sum } from '@sinapse/core';

export interface ClippingOptions {
  /** The largest Euclidean norm that all gradients together may have, > 0; unlimited unless given. */
  readonly clipNorm?: number;
  /** The largest magnitude that an element of a gradient may have, > 0; unlimited unless given. Comes before `clipNorm`. */
  readonly clipValue?: number;
}

/** The Euclidean norm of all gradients as one vector: a scalar. */
export function globalNorm(gradients: readonly Tensor[]): Tensor {
  return scope(() => sqrt(gradients.map((gradient) => sum(square(gradient))).reduce((a, b) => a.add(b))));
}

/**
 * Gradients scaled down together so that their norm is at most `limit`; their direction stays. Pascanu, Mikolov, Bengio 2013, algorithm 1.
 * @param limit > 0
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): Tensor[] {
  checkValue('clipByGlobalNorm: limit', limit, check.positive);
  if (gradients.length === 0) return [];
  return scope(() => {
    const scale = scaleWithin(gradients, limit);
    return gradients.map((gradient) => mul(gradient, scale));
  });
}

/** By what gradients are multiplied so that their norm is at most `limit`: a scalar up to 1. */
function scaleWithin(gradients: readonly Tensor[], limit: number): Tensor {
  return scope(() => minimum(div(limit, globalNorm(gradients)), 1)); // limit / 0 is infinite: zeros stay zeros
}

/**
 * Gradients with every element held within [-limit, limit].
 * @param limit > 0
 */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  checkValue('clipByValue: limit', limit, check.positive);
  return gradients.map((gradient) => scope(() => clip(gradient, -limit, limit)));
}

/** What an optimizer does with its gradients: the list, and a scalar on the device that multiplies each where they are limited together. */
export function clipped(
  gradients: readonly Tensor[],
  { clipNorm, clipValue }: ClippingOptions,
): { readonly gradients: readonly Tensor[]; readonly gradientScale?: Tensor } {
  const held = clipValue === undefined ? gradients : clipByValue(gradients, clipValue);
  if (clipNorm === undefined || held.length === 0) return { gradients: held };
  return { gradients: held, gradientScale: scaleWithin(held, clipNorm) };
}

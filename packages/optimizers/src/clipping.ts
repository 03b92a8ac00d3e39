// Gradient clipping: what keeps one bad batch from throwing the parameters far away.

import type { Tensor } from '@sinapse/core';
import { check, checkValue, div, fused, maximum, minimum, mul, scope, sqrt, square, sum } from '@sinapse/core';

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
  return scope(() => [...scaled(gradients, scaleTo(gradients, limit))]);
}

const scaled = fused((gradient: Tensor, scale: Tensor) => mul(gradient, scale));

/** What gradients are multiplied by so that their norm is at most `limit`: a scalar. */
function scaleTo(gradients: readonly Tensor[], limit: number): Tensor {
  return scope(() => minimum(div(limit, globalNorm(gradients)), 1)); // limit / 0 is infinite: zeros stay zeros
}

/**
 * Gradients with every element held within [-limit, limit].
 * @param limit > 0
 */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  checkValue('clipByValue: limit', limit, check.positive);
  return [...held(gradients, -limit, limit)];
}

const held = fused((gradient: Tensor, low: number, high: number) => minimum(maximum(gradient, low), high));

/** Gradients held as the options say, the same ones when they say nothing, and the scalar they are to be multiplied by, if any. */
export function limited(
  gradients: readonly Tensor[],
  { clipNorm, clipValue }: ClippingOptions,
): { readonly gradients: readonly Tensor[]; readonly scale: Tensor | undefined } {
  const within = clipValue === undefined ? gradients : clipByValue(gradients, clipValue);
  const scale = clipNorm === undefined || gradients.length === 0 ? undefined : scaleTo(within, clipNorm);
  return { gradients: within, scale };
}

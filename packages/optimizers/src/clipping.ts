// Gradient clipping: limits how far one bad batch can move the parameters.

import type { Check, OptionChecks, Tensor } from '@sinapse/core';
import { check, checkValue, div, fused, isTensor, maximum, minimum, mul, norm, scope, stack } from '@sinapse/core';

export interface ClippingOptions {
  /** The largest Euclidean norm of all gradients together, > 0; those of frozen parameters do not count. Unlimited by default. */
  readonly clipNorm?: number;
  /** The largest magnitude of an element of a gradient, > 0; applied before `clipNorm`. Unlimited by default. */
  readonly clipValue?: number;
}

/** The checks of the options of clipping. */
export const CLIPPING: OptionChecks<ClippingOptions> = { clipNorm: check.positive, clipValue: check.positive };

const TENSORS: Check = { expected: 'a list of tensors', accepts: (value) => Array.isArray(value) && value.every(isTensor) };

/**
 * Returns the Euclidean norm of all gradients, taken as one vector: a scalar. Squares do not overflow or vanish.
 * @param gradients one at least, of one dtype
 */
export function globalNorm(gradients: readonly Tensor[]): Tensor {
  checkValue('globalNorm: gradients', gradients, {
    ...TENSORS,
    accepts: (value) => TENSORS.accepts(value) && (value as readonly unknown[]).length > 0,
  });
  return scope(() => norm(stack(gradients.map((gradient) => norm(gradient)))));
}

/**
 * Scales all gradients by one factor so that their common norm is at most `limit`. Pascanu, Mikolov, Bengio 2013, algorithm 1.
 * @param limit > 0
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): Tensor[] {
  checkValue('clipByGlobalNorm: gradients', gradients, TENSORS);
  checkValue('clipByGlobalNorm: limit', limit, check.positive);
  if (gradients.length === 0) return [];
  return scope(() => [...scaled(gradients, scaleTo(gradients, limit))]);
}

const scaled = fused((gradient: Tensor, scale: Tensor) => mul(gradient, scale));

/** Returns the factor, a scalar, that reduces the gradients' common norm to at most `limit`. */
function scaleTo(gradients: readonly Tensor[], limit: number): Tensor {
  return scope(() => minimum(div(limit, globalNorm(gradients)), 1)); // limit / 0 is infinite, so the factor is 1
}

/**
 * Clips every element of the gradients to [-limit, limit].
 * @param limit > 0
 */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  checkValue('clipByValue: gradients', gradients, TENSORS);
  checkValue('clipByValue: limit', limit, check.positive);
  return [...held(gradients, -limit, limit)];
}

const held = fused((gradient: Tensor, low: number, high: number) => minimum(maximum(gradient, low), high));

/** Clips the gradients by value if the options say so. Also returns the scalar by which to multiply them, if there is `clipNorm`. */
export function limited(
  gradients: readonly Tensor[],
  { clipNorm, clipValue }: ClippingOptions,
): { readonly gradients: readonly Tensor[]; readonly scale: Tensor | undefined } {
  const within = clipValue === undefined ? gradients : clipByValue(gradients, clipValue);
  const scale = clipNorm === undefined || gradients.length === 0 ? undefined : scaleTo(within, clipNorm);
  return { gradients: within, scale };
}

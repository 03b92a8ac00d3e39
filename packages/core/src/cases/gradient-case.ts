// Gradient cases: a differentiable op, and inputs at which it has a gradient (away from corners, poles and ties). They are data for the
// testkit; this package does not run them.

import type { Shape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * How the float32 values of an input are drawn. `uniform`: between low and high. `away`: of either sign, magnitudes from 0.3 to 1.5. `spaced`: at
 * least 0.2 apart and 0.1 from 0, mostly positive, so that they do not cancel in a sum.
 */
export type Draw =
  | { readonly shape: Shape; readonly values: 'away' | 'spaced' }
  | { readonly shape: Shape; readonly values: 'uniform'; readonly low: number; readonly high: number };

export interface GradientCase {
  /** A unique name, which also seeds the inputs. */
  readonly name: string;
  readonly inputs: readonly Draw[];
  readonly f: (...xs: Tensor[]) => Tensor;
}

/** The cases of several ops, by the name of the function users call. */
export type OpCases = Readonly<Record<string, readonly GradientCase[]>>;

export const away = (...shape: number[]): Draw => ({ shape, values: 'away' });

export const spaced = (...shape: number[]): Draw => ({ shape, values: 'spaced' });

/** Values uniform from 0.5 to 2. */
export const positive = (...shape: number[]): Draw => within(shape, 0.5, 2);

export const within = (shape: Shape, low: number, high: number): Draw => ({ shape, values: 'uniform', low, high });

export function gradientCase(name: string, inputs: readonly Draw[], f: GradientCase['f']): GradientCase {
  return { name, inputs, f };
}

/** One case for each variant of an op. */
export function variants<V>(
  list: readonly V[],
  nameOf: (variant: V) => string,
  inputs: readonly Draw[] | ((variant: V) => readonly Draw[]),
  f: (variant: V) => GradientCase['f'],
): GradientCase[] {
  return list.map((variant) => gradientCase(nameOf(variant), typeof inputs === 'function' ? inputs(variant) : inputs, f(variant)));
}

// A differentiable op with inputs at which it has a gradient: away from corners, poles and ties. Data for whoever checks gradients; this
// package does not run them.

import type { Shape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * How the float32 values of an input are drawn: `uniform` between low and high; `away`, of either sign, from 0.3 to 1.5 in size; `spaced`, no two
 * closer than 0.2 and none closer to 0 than 0.1, most of them positive, so that their sum is not a matter of rounding.
 */
export type Draw =
  | { readonly shape: Shape; readonly values: 'away' | 'spaced' }
  | { readonly shape: Shape; readonly values: 'uniform'; readonly low: number; readonly high: number };

export interface GradientCase {
  /** Unique; also the seed of the inputs. */
  readonly name: string;
  readonly inputs: readonly Draw[];
  readonly f: (...xs: Tensor[]) => Tensor;
}

/** The cases of several ops, by the name of the function that a user calls. */
export type OpCases = Readonly<Record<string, readonly GradientCase[]>>;

export const away = (...shape: number[]): Draw => ({ shape, values: 'away' });

export const spaced = (...shape: number[]): Draw => ({ shape, values: 'spaced' });

/** From 0.5 to 2. */
export const positive = (...shape: number[]): Draw => within(shape, 0.5, 2);

export const within = (shape: Shape, low: number, high: number): Draw => ({ shape, values: 'uniform', low, high });

export function gradientCase(name: string, inputs: readonly Draw[], f: GradientCase['f']): GradientCase {
  return { name, inputs, f };
}

/** A case for each of several variants of an op. */
export function variants<V>(
  list: readonly V[],
  nameOf: (variant: V) => string,
  inputs: readonly Draw[] | ((variant: V) => readonly Draw[]),
  f: (variant: V) => GradientCase['f'],
): GradientCase[] {
  return list.map((variant) => gradientCase(nameOf(variant), typeof inputs === 'function' ? inputs(variant) : inputs, f(variant)));
}

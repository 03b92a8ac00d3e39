// A differentiable op with inputs at which it has a gradient: away from corners, poles and ties.

import type { Shape, Tensor } from '@sinapse/core';
import { randomKey } from '@sinapse/core';
import type { HostTensor } from '../../grid/values.ts';
import { hostTensor, Values } from '../../grid/values.ts';
import type { Checked } from '../session.ts';

export interface GradientCase {
  readonly name: string;
  readonly f: Checked;
  readonly inputs: readonly HostTensor[];
}

/** Draws an input. */
type Draw = (values: Values) => HostTensor;

/** Of either sign, from 0.3 to 1.5 in size. */
export const away = (...shape: number[]): Draw => (values) => mapped(values.uniform(shape, -1.2, 1.2), (x) => (x < 0 ? x - 0.3 : x + 0.3)); // prettier-ignore

/** From 0.5 to 2. */
export const positive = (...shape: number[]): Draw => within(shape, 0.5, 2);

/** Uniform between two numbers. */
export const within = (shape: Shape, low: number, high: number): Draw => (values) => values.uniform(shape, low, high); // prettier-ignore

/** No two closer than 0.2, and none closer to 0 than 0.1: no ties and no corners. Most are positive: their sum is not a matter of rounding. */
export const spaced = (...shape: number[]): Draw => (values) => {
    const x = values.uniform(shape, 0, 1);
    const order = Array.from(x.data.keys()).sort((i, j) => x.data[i]! - x.data[j]!);
    const place = new Float64Array(x.size);
    order.forEach((element, i) => (place[element] = 0.2 * (i - (x.size >> 2)) + 0.1));
    return hostTensor('float32', shape, place);
  }; // prettier-ignore

function mapped(x: HostTensor, change: (value: number) => number): HostTensor {
  return hostTensor(x.dtype, x.shape, Array.from(x.data, change));
}

/** One case; the name is also the seed of its inputs. */
export function gradientCase(name: string, inputs: readonly Draw[], f: (...xs: Tensor[]) => Tensor): GradientCase {
  const values = new Values(randomKey(0).fold(name));
  return { name, f, inputs: inputs.map((draw) => draw(values)) };
}

/** A case for each of several variants of an op. */
export function variants<V>(
  list: readonly V[],
  nameOf: (variant: V) => string,
  inputs: readonly Draw[] | ((variant: V) => readonly Draw[]),
  f: (variant: V) => Checked,
): GradientCase[] {
  return list.map((variant) => gradientCase(nameOf(variant), typeof inputs === 'function' ? inputs(variant) : inputs, f(variant)));
}

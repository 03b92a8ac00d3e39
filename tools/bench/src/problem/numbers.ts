// The inputs of the cases: random numbers from a seed, the same on every machine.

import { randomKey } from '@sinapse/core';
import type { Network, Weight } from '../networks/network.ts';
import { survey } from '../networks/network.ts';

export type Arrays = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array }>;

const SEED = randomKey(1);

/** Uniform random numbers of mean 0 and variance 1; the name seeds them. */
export function uniform(name: string, shape: readonly number[]): Float32Array {
  return between(name, shape, -Math.sqrt(3), Math.sqrt(3));
}

/** Uniform random integers from 0 to `count` - 1; the name seeds them. */
export function integers(name: string, shape: readonly number[], count: number): Int32Array {
  return Int32Array.from(between(name, shape, 0, count));
}

/**
 * Initial weights of a network, after He et al. 2015: kernels have variance 2 / inputs, factors are near 1, summands near 0.
 * Moments and factors differ from channel to channel, so that a swap is noticed.
 */
export function weightsOf(network: Network): Arrays {
  return new Map(survey(network).weights.map((weight) => [weight.name, { shape: weight.shape, data: initial(network, weight) }]));
}

function initial(network: Network, { name, role, shape }: Weight): Float32Array {
  const key = `${network.name}/${name}`;
  switch (role) {
    case 'kernel': {
      const bound = Math.sqrt(6 / (size(shape) / shape.at(-1)!));
      return between(key, shape, -bound, bound);
    }
    case 'scale':
    case 'variance':
      return between(key, shape, 0.5, 1.5);
    case 'bias':
    case 'offset':
    case 'mean':
      return between(key, shape, -0.2, 0.2);
  }
}

function between(name: string, shape: readonly number[], low: number, high: number): Float32Array {
  const values = new Float32Array(size(shape));
  // Tens of millions are drawn, so the fast mulberry32 (Ettinger 2017) is used; core's generator would take seconds.
  let state = SEED.fold(name).low;
  for (let i = 0; i < values.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    values[i] = low + (high - low) * (((bits ^ (bits >>> 14)) >>> 8) / 2 ** 24);
  }
  return values;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

// The random choices of a gradient check: weights of results, directions, elements.

import { hostNormal, hostPermutation, hostUniform, randomKey } from '@sinapse/core';

/** A weight for each result, of either sign. None is near 0, so that no wrong gradient hides behind a small weight. */
export function weightsOf(size: number, seed: number): Float64Array {
  return Float64Array.from(hostUniform(randomKey(seed).fold('weights'), size), (u) => (u < 0.5 ? -1.5 + u : u + 0.5));
}

/** A direction through inputs of the given sizes, of length 1. */
export function directionOf(sizes: readonly number[], seed: number): Float64Array[] {
  const key = randomKey(seed).fold('direction');
  const parts = sizes.map((size, i) => Float64Array.from(hostNormal(key.fold(i), size)));
  const length = Math.sqrt(parts.reduce((total, part) => part.reduce((sum, x) => sum + x * x, total), 0));
  return length === 0 ? parts : parts.map((part) => part.map((x) => x / length));
}

/** All elements of a small tensor, a random choice of a large one. */
export function elementsOf(size: number, most: number, seed: number): number[] {
  if (size <= most) return Array.from({ length: size }, (_, i) => i);
  return Array.from(hostPermutation(randomKey(seed).fold('elements'), size).subarray(0, most));
}

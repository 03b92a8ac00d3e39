// Pairs of shapes that broadcast.

import type { Shape } from '@sinapse/core';
import type { Grid } from './kernel-case.ts';

/** Pairs of shapes of which the first stretches to the second. */
export function stretches(grid: Grid): (readonly [Shape, Shape])[] {
  const quick: (readonly [Shape, Shape])[] = [
    [[], []],
    [[], [17]],
    [[], [2, 3, 4]],
    [[1], [33]],
    [[8], [8]],
    [[15], [4, 15]],
    [
      [4, 1],
      [4, 16],
    ],
    [
      [1, 7],
      [5, 7],
    ],
    [
      [3, 1],
      [2, 3, 4],
    ],
    [
      [2, 1, 3],
      [2, 5, 3],
    ],
    [
      [1, 4, 1, 3, 1],
      [2, 4, 5, 3, 2],
    ],
    [[1], [0]],
    [
      [3, 1],
      [3, 0],
    ],
    [[257], [130, 257]],
  ];
  const more: (readonly [Shape, Shape])[] = [
    [
      [1, 1],
      [64, 65],
    ],
    [
      [5, 1, 1],
      [5, 9, 31],
    ],
    [
      [1, 1, 1, 1, 6],
      [2, 1, 3, 1, 6],
    ],
    [[0], [3, 0]],
  ];
  return grid.full ? [...quick, ...more] : quick;
}

/** Pairs of shapes that broadcast: one stretches to the other, in both orders, or each to the other. */
export function broadcastPairs(grid: Grid): (readonly [Shape, Shape])[] {
  const oneSided = stretches(grid).flatMap(
    ([a, b], i) =>
      (grid.full
        ? [
            [a, b],
            [b, a],
          ]
        : i % 2 === 0
          ? [[a, b]]
          : [[b, a]]) as [Shape, Shape][],
  );
  return [
    ...oneSided,
    [[3], [3]],
    [[16], [16]],
    [[5, 7], [5, 7]],
    [[33, 65], [33, 65]],
    [[4, 1], [1, 15]],
    [[1, 64], [17, 1]],
    [[2, 1, 4, 1], [3, 1, 5]],
    [[2, 3, 1, 5, 2], [1, 3, 4, 1, 2]],
    [[0], [0]],
    [[3, 0], [1]],
  ]; // prettier-ignore
}

// The grids of maps: where units stand, and which are neighbours.

import type { Tensor } from '@sinapse/core';
import { tensor } from '@sinapse/core';
import { squaredDistances } from '../distances.ts';

export type Topology = 'rectangular' | 'hexagonal';

/**
 * Squared distances between all units, row by row. Units next to each other are 1 apart; in a hexagonal grid every second row is shifted by a half, and
 * rows are √3 / 2 apart, so that each unit has six such neighbours.
 * @returns float32 `[units, units]`
 */
export function gridDistances(rows: number, columns: number, topology: Topology): Tensor {
  const places = Array.from({ length: rows * columns }, (_, unit) => {
    const [row, column] = [Math.floor(unit / columns), unit % columns];
    return topology === 'hexagonal' ? [(row * Math.sqrt(3)) / 2, column + (row % 2) / 2] : [row, column];
  });
  const grid = tensor(places);
  return squaredDistances(grid, grid);
}

/**
 * The squared distance up to which units are neighbours: the six of a hexagonal grid, the eight around a unit of a rectangular one. It lies between
 * their distances (1; 1 and 2) and the next (3; 4).
 */
export function neighbourhood(topology: Topology): number {
  return topology === 'hexagonal' ? 1.5 : 2.5;
}

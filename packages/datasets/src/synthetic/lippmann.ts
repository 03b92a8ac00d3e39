import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { SYNTHETIC } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

/** The regions of Lippmann's figure, by how many layers of units with a threshold can form them. */
export type LippmannRegion = 'halfPlane' | 'convex' | 'meshed' | 'disjoint';

export interface LippmannOptions extends SyntheticOptions {
  /**
   * `halfPlane`: one layer separates it. `convex`: a triangle, two layers. `meshed`: two hooks that interlock, and `disjoint`: two squares
   * with a hole in the first, three layers. @default 'meshed'
   */
  readonly region?: LippmannRegion;
}

const REGIONS: Readonly<Record<LippmannRegion, (x: number, y: number) => boolean>> = {
  halfPlane: (x, y) => y > 0.5 * x + 0.1,
  convex: (x, y) => y > -0.6 && y < 0.8 - 1.75 * x && y < 0.8 + 1.75 * x,
  meshed: (x, y) =>
    // A hook: its bar on the left, its foot below, and its end, which reaches up between bar and foot of the other.
    box(x, y, -0.9, -0.5, -0.8, 0.8) || box(x, y, -0.9, 0.4, -0.8, -0.4) || box(x, y, 0, 0.4, -0.8, 0.3),
  disjoint: (x, y) => (box(x, y, -0.9, 0.1, -0.9, 0.1) && !box(x, y, -0.6, -0.2, -0.6, -0.2)) || box(x, y, 0.4, 0.9, 0.4, 0.9),
};

function box(x: number, y: number, left: number, right: number, bottom: number, top: number): boolean {
  return x > left && x < right && y > bottom && y < top;
}

const LIPPMANN: OptionChecks<LippmannOptions> = { ...SYNTHETIC, region: check.oneOf(Object.keys(REGIONS)) };

/**
 * Points spread evenly over [-1, 1]², class 1 inside a region. The regions show what a network forms by its depth: half planes, convex
 * regions, any regions (Lippmann 1987, An Introduction to Computing with Neural Nets, figure 14).
 * @throws SinapseError when an option is out of range
 */
export function lippmannRegions(options: LippmannOptions = {}): Points {
  checkOptions('lippmannRegions', options, LIPPMANN);
  const inside = REGIONS[options.region ?? 'meshed'];
  return points('lippmann', options, 2, (row, random) => {
    row[0] = 2 * random.uniform() - 1;
    row[1] = 2 * random.uniform() - 1;
    return inside(row[0], row[1]) ? 1 : 0;
  });
}

import { checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { cosine, sine } from '../maths/elementary.ts';
import { NOISE, SYNTHETIC } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

export interface MoonOptions extends SyntheticOptions {
  /** Standard deviation of a point around its half circle. @default 0.1 */
  readonly noise?: number;
}

const MOONS: OptionChecks<MoonOptions> = { ...SYNTHETIC, noise: NOISE };

/**
 * Two half circles that reach into each other: class 0 above, around the origin; class 1 below, around (1, 0.5). The shapes are those of
 * scikit-learn's `make_moons`. Classes take turns.
 * @throws SinapseError when an option is out of range
 */
export function moons(options: MoonOptions = {}): Points {
  checkOptions('moons', options, MOONS);
  const { noise = 0.1 } = options;
  return points('moons', options, 2, (row, random, index) => {
    const lower = index % 2;
    const angle = Math.PI * random.uniform();
    const [x, y] = [cosine(angle), sine(angle)];
    row[0] = (lower === 1 ? 1 - x : x) + noise * random.normal();
    row[1] = (lower === 1 ? 0.5 - y : y) + noise * random.normal();
    return lower;
  });
}

import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { cosine, sine } from '../maths/elementary.ts';
import { NOISE, SYNTHETIC } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

export interface CircleOptions extends SyntheticOptions {
  /** Radius of the inner circle; the outer one has 1. Within [0, 1). @default 0.5 */
  readonly factor?: number;
  /** Standard deviation of a point around its circle. @default 0.05 */
  readonly noise?: number;
}

const CIRCLES: OptionChecks<CircleOptions> = { ...SYNTHETIC, factor: check.fraction, noise: NOISE };

/**
 * Two circles around the same centre: class 0 outside, class 1 inside, in turns.
 * @throws SinapseError when an option is out of range
 */
export function circles(options: CircleOptions = {}): Points {
  checkOptions('circles', options, CIRCLES);
  const { factor = 0.5, noise = 0.05 } = options;
  return points('circles', options, 2, (row, random, index) => {
    const inner = index % 2;
    const radius = inner === 1 ? factor : 1;
    const angle = 2 * Math.PI * random.uniform();
    row[0] = radius * cosine(angle) + noise * random.normal();
    row[1] = radius * sine(angle) + noise * random.normal();
    return inner;
  });
}

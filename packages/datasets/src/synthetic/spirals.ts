import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { cosine, sine } from '../maths/elementary.ts';
import { NOISE, SYNTHETIC } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

export interface SpiralOptions extends SyntheticOptions {
  /** Number of arms, a class each, 2 to 100. @default 2 */
  readonly classes?: number;
  /** Turns of an arm. @default 1.5 */
  readonly turns?: number;
  /** Standard deviation of a point around its arm. @default 0.02 */
  readonly noise?: number;
}

const SPIRALS: OptionChecks<SpiralOptions> = { ...SYNTHETIC, classes: check.integer(2, 100), turns: check.positive, noise: NOISE };

/**
 * Arms of a spiral that turn around each other, within the unit circle (Lang, Witbrock 1988 for two arms). Classes take turns.
 * @throws SinapseError when an option is out of range
 */
export function spirals(options: SpiralOptions = {}): Points {
  checkOptions('spirals', options, SPIRALS);
  const { classes = 2, turns = 1.5, noise = 0.02 } = options;
  return points('spirals', options, 2, (row, random, index) => {
    const arm = index % classes;
    const radius = random.uniform();
    const angle = 2 * Math.PI * (turns * radius + arm / classes);
    row[0] = radius * cosine(angle) + noise * random.normal();
    row[1] = radius * sine(angle) + noise * random.normal();
    return arm;
  });
}

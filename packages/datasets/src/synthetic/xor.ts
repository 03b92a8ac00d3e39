import { checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { NOISE, SYNTHETIC } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

export interface XorOptions extends SyntheticOptions {
  /** Standard deviation of the points around the corners. @default 0.2 */
  readonly noise?: number;
}

const XOR: OptionChecks<XorOptions> = { ...SYNTHETIC, noise: NOISE };

/**
 * The exclusive or: points around the four corners of [-1, 1]², class 1 where exactly one coordinate is positive. No single line separates
 * the classes (Minsky, Papert 1969). With noise 0 the points are the four corners.
 * @throws SinapseError when an option is out of range
 */
export function xor(options: XorOptions = {}): Points {
  checkOptions('xor', options, XOR);
  const { noise = 0.2 } = options;
  return points('xor', options, 2, (row, random, index) => {
    const [a, b] = [index & 1, (index >> 1) & 1];
    row[0] = 2 * a - 1 + noise * random.normal();
    row[1] = 2 * b - 1 + noise * random.normal();
    return a ^ b;
  });
}

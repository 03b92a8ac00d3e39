import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { SYNTHETIC } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

export interface ParityOptions extends SyntheticOptions {
  /** Number of bits, 1 to 10,000. @default 8 */
  readonly bits?: number;
}

const PARITY: OptionChecks<ParityOptions> = { ...SYNTHETIC, bits: check.integer(1, 10_000) };

/**
 * Random bits, class 1 if an odd number of them is set: every bit decides (Minsky, Papert 1969). To a recurrent network the bits are a
 * sequence, after `reshape` to `[count, bits, 1]`.
 * @returns bits 0 or 1, float32 `[count, bits]`, and classes `[count]`
 * @throws SinapseError when an option is out of range
 */
export function parity(options: ParityOptions = {}): Points {
  checkOptions('parity', options, PARITY);
  const { bits = 8 } = options;
  return points('parity', options, bits, (row, random) => {
    let odd = 0;
    for (let i = 0; i < bits; i++) {
      const bit = random.bits() >>> 31;
      row[i] = bit;
      odd ^= bit;
    }
    return odd;
  });
}

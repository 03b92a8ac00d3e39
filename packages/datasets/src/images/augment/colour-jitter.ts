import { check, checkOptions } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import { brightness, contrast, hue, saturation } from './colour.ts';
import { between } from './picture.ts';
import type { Picture, Transform } from './picture.ts';

export interface ColourJitterOptions {
  /** Factors are drawn from [max(0, 1 - x), 1 + x]. @default 0 */
  readonly brightness?: number;
  /** Factors as for the brightness. @default 0 */
  readonly contrast?: number;
  /** Factors as for the brightness. @default 0 */
  readonly saturation?: number;
  /** The largest turn of the hue to either side, as a share of the circle, 0 to 0.5. @default 0 */
  readonly hue?: number;
}

const HALF: Check = { expected: 'a number from 0 to 0.5', accepts: (value) => typeof value === 'number' && value >= 0 && value <= 0.5 };
const JITTER: OptionChecks<ColourJitterOptions> = {
  brightness: check.notNegative,
  contrast: check.notNegative,
  saturation: check.notNegative,
  hue: HALF,
};

/**
 * Changes brightness, contrast, saturation and hue at random, in random order.
 * @throws SinapseError when an option is out of range
 */
export function colourJitter(options: ColourJitterOptions): Transform {
  checkOptions('colourJitter', options, JITTER);
  const scaled =
    (apply: (picture: Picture, factor: number) => Picture, amount = 0): Transform =>
    (picture, random) => {
      const factor = between(random, Math.max(0, 1 - amount), 1 + amount);
      return amount === 0 ? picture : apply(picture, factor);
    };
  const turn = options.hue ?? 0;
  const changes: Transform[] = [
    scaled(brightness, options.brightness),
    scaled(contrast, options.contrast),
    scaled(saturation, options.saturation),
    (picture, random) => {
      const angle = between(random, -turn, turn);
      return turn === 0 ? picture : hue(picture, angle);
    },
  ];
  return (picture, random) => {
    const left = [...changes];
    let current = picture;
    while (left.length > 0) current = left.splice(random.below(left.length), 1)[0]!(current, random);
    return current;
  };
}

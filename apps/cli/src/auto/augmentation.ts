// How pictures are changed at random in each epoch, by strength.

import { colourJitter, compose, cutout, randAugment, randomCrop, randomFlip, randomRotation } from '@sinapse/datasets';
import type { Transform } from '@sinapse/datasets';
import type { Augmentation } from './auto-settings.ts';

/**
 * The changes of a strength. Grey pictures are not mirrored: they may be letters or digits.
 * @param side of the square pictures
 * @returns undefined for none
 */
export function augmentation(strength: Augmentation, side: number, channels: number): Transform | undefined {
  if (strength === 'none') return undefined;
  const pad = Math.max(1, Math.round(side / 8));
  const crop = randomCrop({ size: side, pad: channels === 1 ? Math.max(1, Math.round(side / 14)) : pad });
  const light: Transform[] = channels === 1 ? [randomRotation({ degrees: 8 }), crop] : [crop, randomFlip()];
  if (strength === 'light') return compose(light);
  const colour = channels === 1 ? [] : [colourJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }), randAugment({ magnitude: 7 })];
  return compose([...light, ...colour, cutout({ size: Math.round(side / 4) })]);
}

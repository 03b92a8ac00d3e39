import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import type { Transform } from './picture.ts';

export interface CutoutOptions {
  /** Side of the square, in pixels. */
  readonly size: number;
  /** Number of squares, 1 to 100. @default 1 */
  readonly count?: number;
  /** Its byte. @default 0 */
  readonly fill?: number;
}

const CUTOUT: OptionChecks<CutoutOptions> = {
  size: check.required(check.integer(1, 65_536)),
  count: check.integer(1, 100),
  fill: check.integer(0, 255),
};

/**
 * Covers squares around random pixels; a part may lie outside the image (DeVries, Taylor 2017).
 * @throws SinapseError when an option is out of range
 */
export function cutout(options: CutoutOptions): Transform {
  checkOptions('cutout', options, CUTOUT);
  const { size, count = 1, fill = 0 } = options;
  return (picture, random) => {
    const { height, width, channels } = picture;
    const data = picture.data.slice();
    for (let square = 0; square < count; square++) {
      const top = random.below(height) - Math.floor(size / 2);
      const left = random.below(width) - Math.floor(size / 2);
      const [first, last] = [Math.max(0, left), Math.min(width, left + size)];
      for (let row = Math.max(0, top); row < Math.min(height, top + size); row++)
        data.fill(fill, (row * width + first) * channels, (row * width + last) * channels);
    }
    return { ...picture, data };
  };
}

import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import type { Picture, Transform } from './picture.ts';

export interface FlipOptions {
  /** Probability of a flip left to right. @default 0.5 */
  readonly horizontal?: number;
  /** Probability of a flip upside down. @default 0 */
  readonly vertical?: number;
}

const FLIP: OptionChecks<FlipOptions> = { horizontal: check.probability, vertical: check.probability };

/**
 * Mirrors images at random.
 * @throws SinapseError when a probability is out of range
 */
export function randomFlip(options: FlipOptions = {}): Transform {
  checkOptions('randomFlip', options, FLIP);
  const { horizontal = 0.5, vertical = 0 } = options;
  return (picture, random) => {
    const [mirrored, turned] = [random.uniform() < horizontal, random.uniform() < vertical];
    return mirrored || turned ? flipped(picture, mirrored, turned) : picture;
  };
}

function flipped({ data, height, width, channels }: Picture, mirrored: boolean, turned: boolean): Picture {
  const out = new Uint8Array(data.length);
  for (let row = 0, to = 0; row < height; row++) {
    const line = (turned ? height - 1 - row : row) * width;
    for (let column = 0; column < width; column++) {
      let from = (line + (mirrored ? width - 1 - column : column)) * channels;
      for (let channel = 0; channel < channels; channel++) out[to++] = data[from++]!;
    }
  }
  return { data: out, height, width, channels };
}

// Occlusion: how much a score falls when a part of the image is covered.

import type { Model, OptionChecks } from '@sinapse/core';
import { ShapeError, check, checkOptions, checkValue } from '@sinapse/core';
import type { Attributions } from './gradients.ts';
import { scoresAt } from './gradients.ts';
import type { Input, TargetOption } from './score.ts';
import { TARGET, checkModelAndInput, hostInput, scoring } from './score.ts';

export interface OcclusionOptions extends TargetOption {
  /** Height and width of the cover: one number, or both. */
  readonly window: number | readonly [height: number, width: number];
  /** How far the cover moves: one number, or down and right. Default the window. */
  readonly strides?: number | readonly [down: number, right: number];
  /** The value of the cover. Default 0. */
  readonly value?: number;
}

const OPTIONS: OptionChecks<OcclusionOptions> = {
  window: check.required(check.pair),
  strides: check.pair,
  value: check.finite,
  target: TARGET,
};

/**
 * For each place of a cover, score(image) - score(image with the cover): high where the image matters. Zeiler, Fergus 2014, "Visualizing and
 * understanding convolutional networks", section 4.2.
 * @param x float32 images `[batch, height, width, channels]`
 * @returns `[batch, rows, columns]`, a value for each place of the cover; the last places of a row or column are moved to the edge
 * @throws SinapseError when an argument is wrong, or the target does not fit the output; ShapeError when the cover is larger than the image
 */
export async function occlusion(model: Model, x: Input, options: OcclusionOptions): Promise<Attributions> {
  checkModelAndInput('occlusion', model, x);
  checkOptions('occlusion', options, OPTIONS);
  checkValue('occlusion: x', x.shape, { expected: 'images [batch, height, width, channels]', accepts: () => x.shape.length === 4 });
  const { window, strides = window, value = 0, target } = options;
  const { data, shape } = await hostInput('occlusion', x);
  const [examples, height, width, channels] = shape as [number, number, number, number];
  const [tall, wide] = pairOf(window);
  const [down, right] = pairOf(strides);
  if (tall > height || wide > width)
    throw new ShapeError(`occlusion: a window of ${tall} by ${wide} does not fit into images of ${height} by ${width}`);
  const [tops, lefts] = [placesOf(height, tall, down), placesOf(width, wide, right)];
  const scoreOf = await scoring('occlusion', model, x, target);
  const whole = await scoresAt(model, { data, shape }, scoreOf);
  const falls = new Float32Array(examples * tops.length * lefts.length);
  for (const [row, top] of tops.entries())
    for (const [column, left] of lefts.entries()) {
      const covered = data.slice();
      for (let line = 0; line < examples * tall; line++) {
        const begin = ((Math.floor(line / tall) * height + top + (line % tall)) * width + left) * channels;
        covered.fill(value, begin, begin + wide * channels);
      }
      const scores = await scoresAt(model, { data: covered, shape }, scoreOf);
      for (let i = 0; i < examples; i++) falls[(i * tops.length + row) * lefts.length + column] = whole[i]! - scores[i]!;
    }
  return { data: falls, shape: [examples, tops.length, lefts.length] };
}

function pairOf(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** Where a cover begins: at equal distances, and the last one at the edge. */
function placesOf(length: number, window: number, stride: number): number[] {
  const count = Math.ceil((length - window) / stride) + 1;
  return Array.from({ length: count }, (_, i) => Math.min(i * stride, length - window));
}

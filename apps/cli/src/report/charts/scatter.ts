// Predicted values against actual ones.

import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { line, plot, rangeOf } from './plot.ts';

export interface ScatterOptions {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly format: (value: number) => string;
  /** Half the height of the band around the line. */
  readonly radius?: number;
}

/** So many points are drawn, from all over the examples. */
const MOST_POINTS = 1500;

export function scatterChart(
  pairs: readonly (readonly [actual: number, predicted: number])[],
  { title, across, up, format, radius }: ScatterOptions,
): Html {
  const { from, to } = rangeOf(pairs.flat());
  const heights = rangeOf([...pairs.flat(), ...(radius === undefined ? [] : [from - radius, to + radius])]);
  const picture = plot({ from, to, label: across, format }, { ...heights, label: up, format });
  const step = Math.max(1, Math.ceil(pairs.length / MOST_POINTS));
  const points = pairs.filter((_, i) => i % step === 0).map(([actual, predicted]) => html`<circle class="s0" cx="${picture.x(actual)}" cy="${picture.y(predicted)}" r="3"/>`); // prettier-ignore
  const band =
    radius !== undefined &&
    html`<path
      class="band"
      d="M${picture.x(from)} ${picture.y(from - radius)}L${picture.x(to)} ${picture.y(to - radius)}V${picture.y(to + radius)}L${picture.x(from)} ${picture.y(from + radius)}Z"
    />`;
  return html`<figure>
    ${picture.draw(
      title,
      band,
      line(
        picture,
        [
          [from, from],
          [to, to],
        ],
        'guide',
      ),
      points,
    )}
  </figure>`;
}

// A reliability diagram: the share of right answers over their confidence.

import type { Reliability } from '@sinapse/training/selection';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { line, plot } from './plot.ts';

export interface ReliabilityOptions {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly format: (value: number) => string;
}

/** Each bin with examples is a point; its area is the share of the examples. */
export function reliabilityChart({ bins }: Reliability, { title, across, up, format }: ReliabilityOptions): Html {
  const picture = plot({ from: 0, to: 1, label: across, format }, { from: 0, to: 1, label: up, format });
  const filled = bins.filter(({ count }) => count > 0);
  const all = filled.reduce((sum, { count }) => sum + count, 0);
  const points = filled.map(({ confidence, accuracy, count }) => html`<circle class="s0" cx="${picture.x(confidence)}" cy="${picture.y(accuracy)}" r="${(3 + 9 * Math.sqrt(count / all)).toFixed(1)}"/>`); // prettier-ignore
  const path = line(
    picture,
    filled.map(({ confidence, accuracy }) => [confidence, accuracy]),
    's0',
  );
  return html`<figure>
    ${picture.draw(
      title,
      line(
        picture,
        [
          [0, 0],
          [1, 1],
        ],
        'guide',
      ),
      path,
      points,
    )}
  </figure>`;
}

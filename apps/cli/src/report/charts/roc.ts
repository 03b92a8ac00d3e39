// ROC curves of several classes.

import type { RocCurve } from '@sinapse/training/metrics';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { legend, line, plot } from './plot.ts';

export interface RocOptions {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly format: (value: number) => string;
}

/** A curve has thousands of points; so many are drawn. */
const MOST_POINTS = 300;

export function rocChart(
  curves: readonly { readonly name: string; readonly curve: RocCurve }[],
  { title, across, up, format }: RocOptions,
): Html {
  const picture = plot({ from: 0, to: 1, label: across, format }, { from: 0, to: 1, label: up, format });
  const lines = curves.map(({ curve: { falsePositiveRate: x, truePositiveRate: y } }, i) => {
    const step = Math.max(1, Math.ceil(x.length / MOST_POINTS));
    const points = x.map((at, place) => [at, y[place]!] as const).filter((_, place) => place % step === 0 || place === x.length - 1);
    return line(picture, points, `s${i}`);
  });
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
      lines,
    )}${legend(curves.map(({ name }) => name))}
  </figure>`;
}

// Curves over the epochs of a training.

import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { legend, line, plot, rangeOf } from './plot.ts';

export interface Curve {
  readonly name: string;
  /** A value for each epoch. */
  readonly values: readonly (number | null | undefined)[];
}

export interface CurvesOptions {
  readonly title: string;
  readonly epoch: string;
  readonly format: (value: number) => string;
  /** Where the axis begins and ends; by default as the values do. */
  readonly range?: readonly [number, number];
}

/** A chart of curves; undefined if there is no value at all. */
export function curvesChart(curves: readonly Curve[], { title, epoch, format, range }: CurvesOptions): Html | undefined {
  const drawn = curves.filter(({ values }) => values.some(isThere));
  const all = drawn.flatMap(({ values }) => values.filter(isThere));
  if (all.length === 0) return undefined;
  const epochs = Math.max(...drawn.map(({ values }) => values.length));
  const { from, to } = range === undefined ? rangeOf(all) : { from: range[0], to: range[1] };
  const picture = plot({ ...rangeOf([1, epochs]), label: epoch, format: String, whole: true }, { from, to, label: title, format });
  const marks = drawn.map(({ values }, i) => [
    line(
      picture,
      values.map((value, at) => [at + 1, value]),
      `s${i}`,
    ),
    values.length <= 30 &&
      values.map(
        (value, at) => isThere(value) && html`<circle class="s${i}" cx="${picture.x(at + 1)}" cy="${picture.y(value)}" r="2.5" />`,
      ),
  ]);
  return html`<figure>${picture.draw(title, marks)}${legend(drawn.map(({ name }) => name))}</figure>`;
}

function isThere(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

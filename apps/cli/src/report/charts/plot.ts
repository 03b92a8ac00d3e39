// The frame of a chart in SVG: axes with ticks, and where values lie in it.

import type { Content, Html } from '../html.ts';
import { html } from '../html.ts';

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** How its ticks are written. */
  readonly format: (value: number) => string;
  /** Whether ticks are at whole numbers only. */
  readonly whole?: boolean;
}

export interface Plot {
  /** The place of a value in the picture. */
  x(value: number): number;
  y(value: number): number;
  /** The picture with its axes and these marks. */
  draw(title: string, ...marks: readonly Content[]): Html;
}

const WIDTH = 420;
const HEIGHT = 280;
const MARGIN = { left: 58, right: 14, top: 12, bottom: 46 };

/** At most about so many ticks: steps of 1, 2 or 5 times a power of ten. */
function ticksOf({ from, to, whole = false }: Pick<Axis, 'from' | 'to' | 'whole'>, most = 5): number[] {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9))! * power, whole ? 1 : 0);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The range of values, widened if they are all the same. */
export function rangeOf(values: readonly number[]): { readonly from: number; readonly to: number } {
  const from = values.reduce((a, b) => Math.min(a, b), Infinity);
  const to = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return to > from ? { from, to } : { from: from - 0.5, to: to + 0.5 };
}

export function plot(across: Axis, up: Axis): Plot {
  const x = (value: number): number =>
    rounded(MARGIN.left + ((value - across.from) / (across.to - across.from)) * (WIDTH - MARGIN.left - MARGIN.right));
  const y = (value: number): number =>
    rounded(HEIGHT - MARGIN.bottom - ((value - up.from) / (up.to - up.from)) * (HEIGHT - MARGIN.top - MARGIN.bottom));
  const [left, right, bottom, top] = [x(across.from), x(across.to), y(up.from), y(up.to)];
  return {
    x,
    y,
    draw: (title, ...marks) =>
      html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
        ${ticksOf(up).map((tick) => html`<line class="grid" x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" /><text class="tick" x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${up.format(tick)}</text>`)}
        ${ticksOf(across).map((tick) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${bottom}" y2="${top}" /><text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${across.format(tick)}</text>`)}
        <path class="axis" d="M${left} ${top}V${bottom}H${right}" />
        ${marks}
        <text class="label" x="${(left + right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${across.label}</text>
        <text class="label" transform="translate(13 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${up.label}</text>
      </svg>`,
  };
}

/** A line through points. Points that are not there break it. */
export function line(of: Plot, points: readonly (readonly [x: number, y: number | null | undefined])[], className: string): Html {
  let pen = 'M';
  let path = '';
  for (const [x, y] of points) {
    if (y === null || y === undefined || !Number.isFinite(y)) pen = 'M';
    else {
      path += `${pen}${of.x(x)} ${of.y(y)}`;
      pen = 'L';
    }
  }
  return html`<path class="line ${className}" d="${path}" />`;
}

/** The names of lines or points, with their colours. */
export function legend(names: readonly string[]): Html {
  return html`<ul class="legend">
    ${names.map((name, i) => html`<li><i class="s${i}"></i>${name}</li>`)}
  </ul>`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

// Curves over the steps of a training, by uPlot. The size is fixed, so that nothing jumps while it learns.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { language } from '../shell/language.ts';
import { color, theme } from '../shell/theme.ts';

export interface Curve {
  /** Empty for a curve that another one stands for in the legend. */
  readonly label: string;
  /** Of the theme, or `#rrggbb`. */
  readonly color: 'warm' | 'cool' | `#${string}`;
  readonly x: readonly number[];
  readonly values: readonly number[];
  /** Whether each value has a dot. */
  readonly dots?: boolean;
  readonly faint?: boolean;
}

export interface CurvesProps {
  readonly curves: readonly Curve[];
  /** What the curves show now. */
  readonly label: string;
  /** The axis' range; by default that of the values. */
  readonly range?: readonly [number, number];
  readonly percent?: boolean;
  /** Whether equal distances are equal ratios; values that are not above 0 are left out. */
  readonly logarithmic?: boolean;
}

const HEIGHT = 150;

/** What a faint curve adds to a colour #rrggbb. */
const FAINT = '55';

export function Curves({ curves, label, range, percent = false, logarithmic = false }: CurvesProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const looks = curves.map((curve) => [curve.label, curve.color, curve.faint, curve.dots].join()).join(';');
  useEffect(() => {
    const element = place.current!;
    const axis = { stroke: color('quiet'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    const format = new Intl.NumberFormat(language.value, percent ? { style: 'percent' } : { maximumSignificantDigits: 3 });
    const shade = (curve: Curve) => inkOf(curve) + (curve.faint === true ? FAINT : '');
    const linear = range ? { range: [...range] as [number, number] } : { range: fromZero };
    plot.current = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        pxAlign: false,
        cursor: { y: false, points: { show: false } },
        legend: { show: false },
        scales: { x: { time: false }, y: logarithmic ? { distr: 3 } : linear },
        axes: [
          { ...axis, size: 24 },
          {
            ...axis,
            size: 48,
            ...(logarithmic && { splits: powersOfTen }),
            values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : format.format(tick))),
          },
        ],
        series: [
          {},
          ...curves.map((curve) => ({
            label: curve.label,
            stroke: shade(curve),
            width: 1.5,
            spanGaps: true,
            points: { show: curve.dots ?? false, size: 5, fill: shade(curve) },
          })),
        ],
      },
      tableOf(curves, logarithmic),
      element,
    );
    const resize = new ResizeObserver(
      () => element.clientWidth > 0 && plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.current?.destroy();
    };
  }, [looks, percent, logarithmic, theme.value, language.value]);
  useEffect(() => plot.current?.setData(tableOf(curves, logarithmic)));
  return (
    <figure class="curves">
      <figcaption>
        {curves
          .filter((curve) => curve.label !== '')
          .map((curve) => (
            <span key={curve.label} class={`key ${curve.faint === true ? 'faint' : ''}`} style={{ '--key': inkOf(curve) }}>
              {curve.label}
            </span>
          ))}
      </figcaption>
      <div ref={place} role="img" aria-label={label} style={{ height: `${HEIGHT}px` }} />
    </figure>
  );
}

const inkOf = ({ color: name }: Curve): string => (name === 'warm' || name === 'cool' ? color(name) : name);

/** From 0 on, or from the least value if that is below, with a little room at the ends that are not 0. */
const fromZero = (_: uPlot, least: number, most: number): [number, number] => [Math.min(0, 1.06 * least), Math.max(1.06 * most, 0) || 1];

/** Marks of a logarithmic axis; between fewer than two powers also 2 and 5 times each. */
function powersOfTen(_: uPlot, __: number, least: number, most: number): number[] {
  const [from, to] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const factors = to - from > 2 ? [1] : [1, 2, 5];
  const every = Math.ceil((to - from) / 6);
  const powers = Array.from({ length: to - from + 1 }, (___, i) => from + i).filter((power) => power % every === 0);
  return powers.flatMap((power) => factors.map((factor) => factor * 10 ** power)).filter((mark) => mark >= least && mark <= most);
}

/** One table for curves that each have steps of their own. */
function tableOf(curves: readonly Curve[], logarithmic: boolean): uPlot.AlignedData {
  const shown = (value: number) => (Number.isNaN(value) || (logarithmic && !(value > 0)) ? null : value);
  const tables = curves.map(({ x, values }) => [x, values.map(shown)] as unknown as uPlot.AlignedData);
  return tables.length === 1 ? tables[0]! : uPlot.join(tables);
}

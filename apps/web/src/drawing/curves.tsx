// Curves over the steps of a training, by uPlot. The size is fixed, so that nothing jumps while it learns.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { language } from '../shell/language.ts';
import { color, theme } from '../shell/theme.ts';

interface Curve {
  readonly label: string;
  readonly color: 'warm' | 'cool';
  /** Values by the steps of `x`; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Whether each value has a dot. */
  readonly dots?: boolean;
}

export interface CurvesProps {
  readonly x: readonly number[];
  readonly curves: readonly Curve[];
  /** What the curves show now. */
  readonly label: string;
  /** The axis' range; by default that of the values. */
  readonly range?: readonly [number, number];
  readonly percent?: boolean;
}

const HEIGHT = 150;

export function Curves({ x, curves, label, range, percent = false }: CurvesProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const names = curves.map((curve) => curve.label).join();
  useEffect(() => {
    const element = place.current!;
    const axis = { stroke: color('quiet'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    const format = new Intl.NumberFormat(language.value, percent ? { style: 'percent' } : { maximumSignificantDigits: 3 });
    plot.current = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        pxAlign: false,
        cursor: { y: false, points: { show: false } },
        legend: { show: false },
        scales: { x: { time: false }, y: range ? { range: [...range] } : { range: (_, least, most) => [Math.min(0, least), most || 1] } },
        axes: [
          { ...axis, size: 24 },
          { ...axis, size: 48, values: (_, ticks) => ticks.map((tick) => format.format(tick)) },
        ],
        series: [
          {},
          ...curves.map((curve) => ({
            label: curve.label,
            stroke: color(curve.color),
            width: 1.5,
            spanGaps: true,
            points: { show: curve.dots ?? false, size: 5, fill: color(curve.color) },
          })),
        ],
      },
      data(x, curves),
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
  }, [names, percent, theme.value, language.value]);
  useEffect(() => plot.current?.setData(data(x, curves)));
  return (
    <figure class="curves">
      <figcaption>
        {curves.map((curve) => (
          <span key={curve.label} class="key" style={{ '--key': `var(--${curve.color})` }}>
            {curve.label}
          </span>
        ))}
      </figcaption>
      <div ref={place} role="img" aria-label={label} style={{ height: `${HEIGHT}px` }} />
    </figure>
  );
}

const data = (x: readonly number[], curves: readonly Curve[]): uPlot.AlignedData =>
  [x, ...curves.map(({ values }) => values)] as unknown as uPlot.AlignedData;

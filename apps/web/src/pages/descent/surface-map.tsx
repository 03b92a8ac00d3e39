// A surface from above, in bands of equal height, with the ways of the walkers. A start can be chosen by pointing, or with arrow keys.

import { useEffect, useRef } from 'preact/hooks';
import { CLASS_COLORS } from '../../drawing/scale.ts';
import { color, theme } from '../../shell/theme.ts';
import type { Heights } from './machine.ts';
import type { NamedWay } from './state.ts';
import type { Place } from './surfaces.ts';

export interface SurfaceMapProps {
  readonly surface: Heights | undefined;
  readonly reach: number;
  readonly start: Place;
  readonly lowest: Place;
  readonly ways: readonly NamedWay[];
  /** Steps that are shown. */
  readonly steps: number;
  readonly label: string;
  readonly onStart: (place: Place) => void;
}

const SIDE = 360;
const BANDS = 14;

/** The part of the side by which an arrow key moves the start. */
const KEY_STEP = 1 / 20;

/** The colour of each walker, and its mark at the end of its way. */
export const walkerColors = {
  sgd: CLASS_COLORS[5],
  momentum: CLASS_COLORS[0],
  mean: CLASS_COLORS[6],
  nesterov: CLASS_COLORS[2],
  adam: CLASS_COLORS[4],
} as const;
export const walkerMarks: Readonly<Record<NamedWay['name'], string>> = { sgd: '●', momentum: '■', mean: '◆', nesterov: '▲', adam: '★' };

export function SurfaceMap(props: SurfaceMapProps) {
  const { surface, reach, start, lowest, ways, steps, label, onStart } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const ratio = Math.min(Math.max(Math.round(devicePixelRatio), 1), 2);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const place = (x: number, y: number): Place => [((x + reach) / (2 * reach)) * SIDE, ((reach - y) / (2 * reach)) * SIDE];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, SIDE, SIDE);
    if (surface !== undefined) drawBands(context, surface);
    drawSign(context, place(...lowest), '✕', color('ink'));
    drawSign(context, place(...start), '○', color('ink'));
    for (const { name, places } of ways) {
      const points = Array.from({ length: Math.min(steps + 1, places.length / 2) }, (_, i) => place(places[2 * i]!, places[2 * i + 1]!));
      drawWay(context, points.filter(isNear), walkerColors[name], walkerMarks[name]);
    }
  }, [surface, reach, start, lowest, ways, steps, theme.value]);
  const pointed = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect();
    onStart([((clientX - left) / width) * 2 * reach - reach, reach - ((clientY - top) / height) * 2 * reach]);
  };
  const pressed = (event: KeyboardEvent) => {
    const [right, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    if (right === undefined) return;
    event.preventDefault();
    const moved = (value: number, by: number) => Math.min(Math.max(value + by * KEY_STEP * 2 * reach, -reach), reach);
    onStart([moved(start[0], right), moved(start[1], up!)]);
  };
  return (
    <canvas
      ref={canvas}
      class="surface"
      width={SIDE * ratio}
      height={SIDE * ratio}
      role="img"
      aria-label={label}
      tabIndex={0}
      onPointerDown={pointed}
      onKeyDown={pressed}
    />
  );
}

/** Whether a point is not so far outside that a canvas would not draw it right. */
const isNear = ([left, top]: Place): boolean => Math.abs(left) < 1e5 && Math.abs(top) < 1e5;

/** Colours heights by the root of how far they lie above the lowest, in bands, so that flat valleys show, too. */
function drawBands(context: CanvasRenderingContext2D, { size, heights }: Heights): void {
  const least = heights.reduce((a, b) => Math.min(a, b), Infinity);
  const most = heights.reduce((a, b) => Math.max(a, b), -Infinity);
  const [low, high] = [color('zero'), color('cool')].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const image = new ImageData(size, size);
  heights.forEach((height, i) => {
    const share = Math.floor(BANDS * ((height - least) / (most - least || 1)) ** 0.35) / BANDS;
    image.data.set([...low!.map((value, channel) => value + (high![channel]! - value) * share * 0.85), 255], 4 * i);
  });
  const small = new OffscreenCanvas(size, size);
  small.getContext('2d')!.putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, SIDE, SIDE);
}

function drawSign(context: CanvasRenderingContext2D, [left, top]: Place, sign: string, ink: string): void {
  context.font = '16px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 3;
  context.strokeStyle = color('paper');
  context.strokeText(sign, left, top);
  context.fillStyle = ink;
  context.fillText(sign, left, top);
}

function drawWay(context: CanvasRenderingContext2D, points: readonly Place[], ink: string, mark: string): void {
  context.lineJoin = 'round';
  for (const [style, width] of [
    [color('paper'), 4],
    [ink, 2],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    for (const point of points) context.lineTo(...point);
    context.stroke();
  }
  const last = points.at(-1);
  if (last !== undefined) drawSign(context, last, mark, ink);
}

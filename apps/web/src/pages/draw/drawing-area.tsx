// The area to draw in, with mouse, finger or keyboard.

import { useEffect, useRef } from 'preact/hooks';
import { textOf } from '../../shell/language.ts';
import { drawTexts } from './text.ts';

/** Pixels of a side. */
export const SIDE = 280;

/** How broad the pen is: a digit fitted into 20 pixels then has strokes of about two. */
const PEN = 22;

/** A digit to begin with, as lines within [0, 1]; it goes when one begins to draw. */
const FOUR = [
  [
    [0.4, 0.18],
    [0.28, 0.56],
    [0.72, 0.56],
  ],
  [
    [0.62, 0.34],
    [0.6, 0.86],
  ],
] as const;

/** How far an arrow key moves the pen. */
const KEY_STEP = 12;

export interface DrawingAreaProps {
  /** Called after each change, with the amount of ink for each pixel, `[SIDE, SIDE]`. */
  readonly onInk: (pixels: Uint8Array<ArrayBuffer>) => void;
  /** Changes when the area is to be cleared; 0 at first. */
  readonly cleared: number;
}

export function DrawingArea({ onInk, cleared }: DrawingAreaProps) {
  const text = textOf(drawTexts);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef({ x: SIDE / 2, y: SIDE / 4, down: false, untouched: true });

  const context = () => canvas.current!.getContext('2d', { willReadFrequently: true })!;
  const tell = () => {
    const { data } = context().getImageData(0, 0, SIDE, SIDE);
    const ink = new Uint8Array(SIDE * SIDE);
    for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i]!;
    onInk(ink);
  };
  const clear = () => {
    context().fillStyle = '#000';
    context().fillRect(0, 0, SIDE, SIDE);
  };
  const lineTo = (x: number, y: number) => {
    const lines = context();
    lines.strokeStyle = '#fff';
    lines.lineWidth = PEN;
    lines.lineCap = lines.lineJoin = 'round';
    lines.beginPath();
    lines.moveTo(pen.current.x, pen.current.y);
    lines.lineTo(x, y);
    lines.stroke();
    Object.assign(pen.current, { x, y });
  };
  const begin = () => {
    if (pen.current.untouched) clear();
    pen.current.untouched = false;
  };

  useEffect(() => {
    clear();
    if (cleared === 0)
      for (const [first, ...rest] of FOUR) {
        Object.assign(pen.current, { x: first[0] * SIDE, y: first[1] * SIDE });
        for (const [x, y] of rest) lineTo(x * SIDE, y * SIDE);
      }
    pen.current.untouched = cleared === 0;
    tell();
  }, [cleared]);

  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  return (
    <canvas
      ref={canvas}
      class="drawing"
      width={SIDE}
      height={SIDE}
      tabIndex={0}
      role="img"
      aria-label={text.canvas}
      onPointerDown={(event) => {
        canvas.current!.setPointerCapture(event.pointerId);
        begin();
        const [x, y] = place(event);
        Object.assign(pen.current, { x, y, down: true });
        lineTo(x, y);
        tell();
      }}
      onPointerMove={(event) => {
        if (!pen.current.down) return;
        for (const each of event.getCoalescedEvents?.() ?? [event]) lineTo(...place(each));
        tell();
      }}
      onPointerUp={() => void (pen.current.down = false)}
      onPointerCancel={() => void (pen.current.down = false)}
      onKeyDown={(event) => {
        const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
        if (dx === 0 && dy === 0) return;
        event.preventDefault();
        const within = (value: number) => Math.min(Math.max(value, PEN / 2), SIDE - PEN / 2);
        const [x, y] = [within(pen.current.x + dx! * KEY_STEP), within(pen.current.y + dy! * KEY_STEP)];
        if (!event.shiftKey) return void Object.assign(pen.current, { x, y });
        begin();
        lineTo(x, y);
        tell();
      }}
    />
  );
}

// Points of the plane with the regions that a network gives to each class. Points can be added by pointing, or with arrow keys and Enter.

import { useEffect, useRef } from 'preact/hooks';
import { color, theme } from '../shell/theme.ts';
import { CLASS_COLORS, divergingScale } from './scale.ts';

type Place = readonly [x: number, y: number];

export interface PlaneProps {
  /** `[count, 2]`; y points up */
  readonly points: Float32Array;
  readonly labels: Int32Array;
  /** What both coordinates lie within; by default [-1, 1]. */
  readonly range?: readonly [least: number, most: number];
  /** The probability of the second class, `[size, size]`, from the top left. */
  readonly regions?: { readonly size: number; readonly probabilities: Float32Array } | undefined;
  readonly label: string;
  /** The point that is looked at. */
  readonly chosen?: number | undefined;
  /** A place was pointed at. */
  readonly onPlace?: (x: number, y: number) => void;
}

const SIDE = 300;

/** From so many points on they are drawn smaller. */
const MANY = 100;

/** The part of the side by which an arrow key moves. */
const KEY_STEP = 1 / 20;

export function Plane(props: PlaneProps) {
  const { points, labels, regions, label, chosen, onPlace, range: [least, most] = [-1, 1] } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<Place | undefined>(undefined);
  const ratio = Math.min(Math.max(Math.round(devicePixelRatio), 1), 2);
  const draw = () => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const place = (x: number, y: number): Place => [((x - least) / (most - least)) * SIDE, ((most - y) / (most - least)) * SIDE];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, SIDE, SIDE);
    if (regions !== undefined) drawRegions(context, regions);
    const size = labels.length > MANY ? 3.2 : 5.5;
    for (let i = 0; i < labels.length; i++) drawPoint(context, place(points[2 * i]!, points[2 * i + 1]!), labels[i]!, size, i === chosen);
    if (cursor.current !== undefined) drawCursor(context, place(...cursor.current));
  };
  useEffect(draw, [points, labels, regions, chosen, theme.value, least, most]);
  const pointed = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect();
    onPlace!(least + ((clientX - left) / width) * (most - least), most - ((clientY - top) / height) * (most - least));
  };
  const pressed = (event: KeyboardEvent) => {
    const [x, y] = cursor.current ?? [(least + most) / 2, (least + most) / 2];
    const [right, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
    if (event.key === 'Enter') onPlace!(x, y);
    else if (right === 0 && up === 0) return;
    event.preventDefault();
    const moved = (value: number, by: number) => Math.min(Math.max(value + by * KEY_STEP * (most - least), least), most);
    cursor.current = [moved(x, right!), moved(y, up!)];
    draw();
  };
  const leave = () => {
    cursor.current = undefined;
    draw();
  };
  return (
    <canvas
      ref={canvas}
      class="plane"
      width={SIDE * ratio}
      height={SIDE * ratio}
      role="img"
      aria-label={label}
      {...(onPlace && { tabIndex: 0, onPointerDown: pointed, onKeyDown: pressed, onBlur: leave })}
    />
  );
}

function drawRegions(context: CanvasRenderingContext2D, { size, probabilities }: NonNullable<PlaneProps['regions']>): void {
  const image = new ImageData(size, size);
  const colorOf = divergingScale();
  probabilities.forEach((probability, i) => image.data.set([...colorOf((2 * probability - 1) * 0.75), 255], 4 * i));
  const small = new OffscreenCanvas(size, size);
  small.getContext('2d')!.putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, SIDE, SIDE);
}

/** Circles for the first class, squares for the second: never colour alone. */
function drawPoint(context: CanvasRenderingContext2D, [left, top]: Place, label: number, size: number, isChosen: boolean): void {
  context.fillStyle = label === 0 ? CLASS_COLORS[0] : CLASS_COLORS[4];
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1;
  context.beginPath();
  if (label === 0) context.arc(left, top, size, 0, 2 * Math.PI);
  else context.rect(left - 0.88 * size, top - 0.88 * size, 1.76 * size, 1.76 * size);
  context.fill();
  context.stroke();
  if (!isChosen) return;
  context.strokeStyle = color('ink');
  context.lineWidth = 2;
  context.beginPath();
  context.arc(left, top, size + 5, 0, 2 * Math.PI);
  context.stroke();
}

function drawCursor(context: CanvasRenderingContext2D, [left, top]: Place): void {
  context.strokeStyle = color('ink');
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(left - 8, top);
  context.lineTo(left + 8, top);
  context.moveTo(left, top - 8);
  context.lineTo(left, top + 8);
  context.stroke();
}

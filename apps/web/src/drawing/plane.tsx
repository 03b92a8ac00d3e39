// Points of the plane with the regions that a network gives to each class.

import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../shell/theme.ts';
import { CLASS_COLORS, divergingScale } from './scale.ts';

export interface PlaneProps {
  /** `[count, 2]`, within [-1, 1]; y points up */
  readonly points: Float32Array;
  readonly labels: Int32Array;
  /** The probability of the second class, `[size, size]`, from the top left. */
  readonly regions?: { readonly size: number; readonly probabilities: Float32Array } | undefined;
  readonly label: string;
}

const SIDE = 300;

export function Plane({ points, labels, regions, label }: PlaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ratio = Math.min(Math.max(Math.round(devicePixelRatio), 1), 2);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, SIDE, SIDE);
    if (regions !== undefined) drawRegions(context, regions);
    for (let i = 0; i < labels.length; i++) drawPoint(context, points[2 * i]!, points[2 * i + 1]!, labels[i]!);
  }, [points, labels, regions, theme.value]);
  return <canvas ref={canvas} class="plane" width={SIDE * ratio} height={SIDE * ratio} role="img" aria-label={label} />;
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
function drawPoint(context: CanvasRenderingContext2D, x: number, y: number, label: number): void {
  const [left, top] = [((x + 1) / 2) * SIDE, ((1 - y) / 2) * SIDE];
  context.fillStyle = label === 0 ? CLASS_COLORS[0] : CLASS_COLORS[4];
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1;
  context.beginPath();
  if (label === 0) context.arc(left, top, 3.2, 0, 2 * Math.PI);
  else context.rect(left - 2.8, top - 2.8, 5.6, 5.6);
  context.fill();
  context.stroke();
}

// A picture of numbers: one square for each, with a text that says what it shows.

import { useEffect, useRef } from 'preact/hooks';
import type { Rgb } from './scale.ts';

export interface PictureProps {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, row by row */
  readonly values: ArrayLike<number>;
  readonly colorOf: (value: number) => Rgb;
  /** What the picture shows, for those who do not see it; empty if the text beside it says so. */
  readonly label: string;
  readonly class?: string;
  /** Anything whose change means drawing again, e.g. the theme. */
  readonly redraw?: unknown;
}

export function Picture({ width, height, values, colorOf, label, class: name = '', redraw }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      const [red, green, blue] = colorOf(values[i] ?? 0);
      image.data.set([red, green, blue, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [width, height, values, redraw]);
  const about = label === '' ? { 'aria-hidden': 'true' as const } : { role: 'img' as const, 'aria-label': label };
  return <canvas ref={canvas} class={`pixels ${name}`} width={width} height={height} {...about} />;
}

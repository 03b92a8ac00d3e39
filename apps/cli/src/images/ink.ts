// Separates a drawing from its paper.

import type { Pixels } from './decode.ts';

/** Whether the border is light, as with dark ink on paper; MNIST has light ink on black. */
export function isLightAround(image: Pixels): boolean {
  return median(border(image)) > 127;
}

export function inverted(image: Pixels): Pixels {
  return { ...image, data: image.data.map((value) => 255 - value) };
}

/** The greys of a light drawing on dark paper. */
export interface Tones {
  /** The middle grey of the image's edge. */
  readonly paper: number;
  readonly ink: number;
  /** How much the greys of the edge differ from the paper's. The paper of a photograph has many greys, that of a computer drawing one. */
  readonly grain: number;
  /** The share of the edge that differs from the paper by more than a quarter of the contrast. */
  readonly unlikePaper: number;
}

export function tonesOf(image: Pixels): Tones {
  const around = border(image);
  const paper = median(around);
  const sorted = image.data.slice().sort();
  // Skips the strongest 1 % of the pixels, which may be dust, but at most 8, because a small drawing on a large page has few pixels.
  const ink = sorted[sorted.length - 1 - Math.min(8, Math.floor(sorted.length / 100))]!;
  const differences = around.map((value) => Math.abs(value - paper)).sort();
  const unlike = differences.filter((difference) => difference > (ink - paper) / 4).length;
  return { paper, ink, grain: differences[Math.floor(around.length * 0.95)]!, unlikePaper: unlike / around.length };
}

/** The least difference between ink and paper. */
const leastContrast = 16;

/** Stretches a light drawing on dark paper: paper becomes 0, the strongest ink 255. An image without contrast becomes all paper. */
export function withoutPaper(image: Pixels): Pixels {
  const { paper, ink, grain } = tonesOf(image);
  const contrast = ink - paper;
  if (contrast < leastContrast) return { ...image, data: new Uint8Array(image.data.length) };
  // Lines on paper of one grey keep their soft edges.
  const low = paper + Math.min(0.3 * contrast, 1.5 * grain);
  return { ...image, data: image.data.map((value) => Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (ink - low))))) };
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box around the drawing without specks: connected parts smaller than a twentieth of the largest are left out. */
export function inkBox(image: Pixels): Box | undefined {
  const parts = connected(image);
  const largest = Math.max(0, ...parts.map((part) => part.size));
  const kept = parts.filter((part) => part.size >= largest / 20);
  if (kept.length === 0) return undefined;
  const left = Math.min(...kept.map((part) => part.left));
  const top = Math.min(...kept.map((part) => part.top));
  const right = Math.max(...kept.map((part) => part.right));
  const bottom = Math.max(...kept.map((part) => part.bottom));
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

export function crop(image: Pixels, box: Box): Pixels {
  const data = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * image.width + box.left;
    data.set(image.data.subarray(start, start + box.width), y * box.width);
  }
  return { ...box, channels: 1, data };
}

/** The centre of mass of a grey image, in pixels from its upper left corner; the middle if it is black. */
export function centreOfMass(image: Pixels): { readonly x: number; readonly y: number } {
  let [mass, x, y] = [0, 0, 0];
  image.data.forEach((value, i) => {
    mass += value;
    x += value * ((i % image.width) + 0.5);
    y += value * (Math.floor(i / image.width) + 0.5);
  });
  return mass === 0 ? { x: image.width / 2, y: image.height / 2 } : { x: x / mass, y: y / mass };
}

interface Part {
  size: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The connected parts of the pixels that are at least a quarter as strong as the strongest ink; corners connect. */
function connected({ width, height, data }: Pixels): Part[] {
  const seen = new Uint8Array(data.length);
  const parts: Part[] = [];
  const stack: number[] = [];
  const visit = (at: number) => {
    if (seen[at] || data[at]! < 64) return;
    seen[at] = 1;
    stack.push(at);
  };
  for (let start = 0; start < data.length; start++) {
    visit(start);
    if (stack.length === 0) continue;
    const part: Part = { size: 0, left: width, right: 0, top: height, bottom: 0 };
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      part.size++;
      part.left = Math.min(part.left, x);
      part.right = Math.max(part.right, x);
      part.top = Math.min(part.top, y);
      part.bottom = Math.max(part.bottom, y);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) visit(ny * width + nx);
      }
    }
    parts.push(part);
  }
  return parts;
}

function border({ width, height, channels, data }: Pixels): Uint8Array {
  const values: number[] = [];
  const add = (x: number, y: number) => {
    for (let c = 0; c < channels; c++) values.push(data[(y * width + x) * channels + c]!);
  };
  for (let x = 0; x < width; x++) [0, height - 1].forEach((y) => add(x, y));
  for (let y = 0; y < height; y++) [0, width - 1].forEach((x) => add(x, y));
  return Uint8Array.from(values);
}

function median(values: Uint8Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)]!;
}

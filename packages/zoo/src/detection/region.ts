// What selective search knows of a region, and how alike two regions are. Uijlings, van de Sande, Gevers, Smeulders 2013, "Selective search for object
// recognition", section 3.2.

import type { Box } from './box.ts';
import { areaOf, boxAround } from './box.ts';
import type { HostImage } from './image.ts';
import type { Segmentation } from './segmentation.ts';

export interface Region {
  readonly box: Box;
  /** In pixels. */
  readonly size: number;
  /** How often each colour occurs, as parts of 1: 25 bins for each channel. */
  readonly colours: Float64Array;
  /** How often the brightness changes so much in each direction, as parts of 1: 8 directions with 10 bins for each channel. */
  readonly textures: Float64Array;
}

const COLOUR_BINS = 25;
const DIRECTIONS = 8;
const TEXTURE_BINS = 10;

function binOf(value: number, bins: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor(value * bins)));
}

/** The regions of a segmentation. */
export function regionsOf(image: HostImage, { regions, count }: Segmentation): Region[] {
  const { data, shape } = image;
  const [height, width, channels] = shape;
  const boxes = Array.from({ length: count }, (): [number, number, number, number] => [width, height, 0, 0]);
  const sizes = new Int32Array(count);
  const colours = Array.from({ length: count }, () => new Float64Array(channels * COLOUR_BINS));
  const textures = Array.from({ length: count }, () => new Float64Array(channels * DIRECTIONS * TEXTURE_BINS));
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const pixel = row * width + column;
      const region = regions[pixel]!;
      const box = boxes[region]!;
      boxes[region] = [Math.min(box[0], column), Math.min(box[1], row), Math.max(box[2], column + 1), Math.max(box[3], row + 1)];
      sizes[region]!++;
      for (let channel = 0; channel < channels; channel++) {
        const at = (r: number, c: number): number =>
          data[(Math.max(0, Math.min(height - 1, r)) * width + Math.max(0, Math.min(width - 1, c))) * channels + channel]!;
        colours[region]![channel * COLOUR_BINS + binOf(at(row, column), COLOUR_BINS)]!++;
        const down = (at(row + 1, column) - at(row - 1, column)) / 2;
        const right = (at(row, column + 1) - at(row, column - 1)) / 2;
        const direction = binOf((Math.atan2(down, right) + Math.PI) / (2 * Math.PI), DIRECTIONS);
        const bin = binOf(Math.hypot(down, right), TEXTURE_BINS);
        textures[region]![(channel * DIRECTIONS + direction) * TEXTURE_BINS + bin]!++;
      }
    }
  return boxes.map((box, i) => ({ box, size: sizes[i]!, colours: shares(colours[i]!), textures: shares(textures[i]!) }));
}

function shares(histogram: Float64Array): Float64Array {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  return histogram.map((count) => count / total);
}

/** Two regions as one: its histograms come from theirs, without another look at the image. */
export function joined(a: Region, b: Region): Region {
  const size = a.size + b.size;
  const mean = (of: 'colours' | 'textures'): Float64Array => a[of].map((value, i) => (a.size * value + b.size * b[of][i]!) / size);
  return { box: boxAround(a.box, b.box), size, colours: mean('colours'), textures: mean('textures') };
}

/** How alike two regions are, from 0 to 4: in colour and texture, and in how small they are and how well they fill the box around both. */
export function likeness(a: Region, b: Region, pixels: number): number {
  const common = (of: 'colours' | 'textures'): number => a[of].reduce((sum, value, i) => sum + Math.min(value, b[of][i]!), 0);
  const size = 1 - (a.size + b.size) / pixels;
  const fill = 1 - (areaOf(boxAround(a.box, b.box)) - a.size - b.size) / pixels;
  return common('colours') + common('textures') + size + fill;
}

// What to put behind the transparent parts of an image, so that they do not look like a part of the drawing.

/** An image row by row: red, green, blue and opacity, each 0 to 255. */
export interface TransparentPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** The least difference of lightness, 0 to 255, between a drawing and its paper. */
const leastContrast = 64;
/** The share of the edge that must have one tone to be the edge of a sheet of paper. */
const paperShare = 0.9;

/**
 * The colour to put behind an image. If its opaque part is a drawing on a card (two tones, one of them all along the edge), the card goes on:
 * the colour is that of the edge. Otherwise the opaque part is the drawing itself, and the colour is white behind a dark one and black
 * behind a light one.
 */
export function colourBehind(image: TransparentPixels): Colour {
  const opaque = opaquePixels(image);
  const lightness = (at: number) => lightnessOf(image.data, at);
  const counts = new Float64Array(256);
  for (const at of opaque) counts[lightness(at)]!++;
  const { threshold, dark, light } = twoTones(counts);
  if (light - dark >= leastContrast) {
    const edge = opaque.filter((at) => touchesTransparency(image, at)).sort((a, b) => lightness(a) - lightness(b));
    const lightEdge = edge.filter((at) => lightness(at) > threshold).length / edge.length;
    // The median pixel of the edge has its most common tone.
    if (lightEdge >= paperShare || lightEdge <= 1 - paperShare) return colourAt(image.data, edge[Math.floor(edge.length / 2)]!);
  }
  const level = meanOf(counts) > 128 ? 0 : 255;
  return { r: level, g: level, b: level };
}

/** The places in `data` of the pixels that are more opaque than not. */
function opaquePixels({ data }: TransparentPixels): number[] {
  const places: number[] = [];
  for (let at = 0; at < data.length; at += 4) if (data[at + 3]! > 127) places.push(at);
  return places;
}

/** Whether a pixel has a neighbour that is transparent. */
function touchesTransparency({ width, height, data }: TransparentPixels, at: number): boolean {
  const x = (at / 4) % width;
  const y = Math.floor(at / 4 / width);
  const clear = (column: number, row: number) =>
    column >= 0 && column < width && row >= 0 && row < height && data[(row * width + column) * 4 + 3]! <= 127;
  return clear(x - 1, y) || clear(x + 1, y) || clear(x, y - 1) || clear(x, y + 1);
}

/** Splits a histogram into two classes that lie as far apart as can be (Otsu 1979), and gives their means. */
function twoTones(counts: Float64Array): { readonly threshold: number; readonly dark: number; readonly light: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mass = counts.reduce((sum, count, level) => sum + count * level, 0);
  let best = { threshold: 255, dark: 0, light: 0, variance: 0 };
  let [below, belowMass] = [0, 0];
  for (let threshold = 0; threshold < 255; threshold++) {
    below += counts[threshold]!;
    belowMass += counts[threshold]! * threshold;
    if (below === 0 || below === total) continue;
    const dark = belowMass / below;
    const light = (mass - belowMass) / (total - below);
    const variance = below * (total - below) * (light - dark) ** 2;
    if (variance > best.variance) best = { threshold, dark, light, variance };
  }
  return best;
}

function meanOf(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : counts.reduce((sum, count, level) => sum + count * level, 0) / total;
}

function lightnessOf(data: Uint8Array, at: number): number {
  return Math.round(0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!);
}

function colourAt(data: Uint8Array, at: number): Colour {
  return { r: data[at]!, g: data[at + 1]!, b: data[at + 2]! };
}

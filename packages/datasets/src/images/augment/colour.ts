// Changes of colour, as Pillow's ImageEnhance and ImageOps define them: exact bytes, in the same order of roundings.

import type { Picture } from './picture.ts';
import { byte } from './picture.ts';

/** Each byte through a table. */
function mapBytes(picture: Picture, table: (value: number, channel: number) => number): Picture {
  const { data, channels } = picture;
  const tables = Array.from({ length: channels }, (_, channel) => Uint8Array.from({ length: 256 }, (__, value) => table(value, channel)));
  const out = new Uint8Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    const own = tables[channel]!;
    for (let i = channel; i < data.length; i += channels) out[i] = own[data[i]!]!;
  }
  return { ...picture, data: out };
}

/** Pillow's grey of a colour, ITU-R 601-2 with 16 bits. */
function grey(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** The grey value of a pixel. */
function greyAt({ data, channels }: Picture, pixel: number): number {
  const at = pixel * channels;
  return channels === 3 ? grey(data[at]!, data[at + 1]!, data[at + 2]!) : data[at]!;
}

/** From one value towards another or beyond it, cut off: Pillow's blend. */
function blend(from: number, to: number, factor: number): number {
  const value = from + factor * (to - from);
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

/** 0 is black, 1 the image. */
export function brightness(picture: Picture, factor: number): Picture {
  return mapBytes(picture, (value) => blend(0, value, factor));
}

/** 0 is the mean grey, 1 the image. */
export function contrast(picture: Picture, factor: number): Picture {
  const pixels = picture.height * picture.width;
  let sum = 0;
  for (let pixel = 0; pixel < pixels; pixel++) sum += greyAt(picture, pixel);
  const mean = Math.floor(sum / pixels + 0.5);
  return mapBytes(picture, (value) => blend(mean, value, factor));
}

/** 0 is the grey image, 1 the image. A grey image stays as it is. */
export function saturation(picture: Picture, factor: number): Picture {
  const { data, channels } = picture;
  if (channels !== 3) return picture;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const level = grey(data[i]!, data[i + 1]!, data[i + 2]!);
    for (let channel = 0; channel < 3; channel++) out[i + channel] = blend(level, data[i + channel]!, factor);
  }
  return { ...picture, data: out };
}

/** Turns the hue by a share of the circle. A grey image stays as it is. */
export function hue(picture: Picture, turn: number): Picture {
  const { data, channels } = picture;
  if (channels !== 3) return picture;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    const most = Math.max(r, g, b);
    const range = most - Math.min(r, g, b);
    if (range === 0) {
      out.fill(most, i, i + 3);
      continue;
    }
    const sixth = most === r ? (g - b) / range : most === g ? 2 + (b - r) / range : 4 + (r - g) / range;
    const turned = sixth + 6 * turn;
    const angle = turned - 6 * Math.floor(turned / 6);
    // From hue, saturation and value back to colour (Smith 1978): how far each channel lies below the value.
    for (let channel = 0; channel < 3; channel++) {
      const distance = Math.abs(((angle + 6 - 2 * channel + 3) % 6) - 3);
      out[i + channel] = byte(most - range * Math.min(1, Math.max(0, distance - 1)));
    }
  }
  return { ...picture, data: out };
}

/** 0 is a slightly smoothed image, 1 the image, 2 a sharper one. */
export function sharpness(picture: Picture, factor: number): Picture {
  const { data, height, width, channels } = picture;
  const out = data.slice();
  const row = width * channels;
  for (let y = 1; y < height - 1; y++)
    for (let x = channels; x < row - channels; x++) {
      const at = y * row + x;
      let sum = 4 * data[at]!;
      for (const line of [at - row, at, at + row]) sum += data[line - channels]! + data[line]! + data[line + channels]!;
      // Pillow's SMOOTH: the pixel counts 5, its neighbours 1.
      out[at] = blend(Math.floor(sum / 13 + 0.5), data[at]!, factor);
    }
  return { ...picture, data: out };
}

/** Keeps the highest bits of each byte, 1 to 8. */
export function posterize(picture: Picture, bits: number): Picture {
  const mask = 256 - (1 << (8 - bits));
  return mapBytes(picture, (value) => value & mask);
}

/** Inverts the bytes from a threshold on. */
export function solarize(picture: Picture, threshold: number): Picture {
  return mapBytes(picture, (value) => (value < threshold ? value : 255 - value));
}

/** How often each byte occurs in a channel. */
function histogram({ data, channels }: Picture, channel: number): Int32Array {
  const counts = new Int32Array(256);
  for (let i = channel; i < data.length; i += channels) counts[data[i]!]!++;
  return counts;
}

/** Stretches each channel from its lowest to its highest byte. */
export function autoContrast(picture: Picture): Picture {
  const ends = Array.from({ length: picture.channels }, (_, channel) => {
    const counts = histogram(picture, channel);
    return [counts.findIndex((count) => count > 0), counts.findLastIndex((count) => count > 0)] as const;
  });
  return mapBytes(picture, (value, channel) => {
    const [low, high] = ends[channel]!;
    if (high <= low) return value;
    const scale = 255 / (high - low);
    return Math.min(255, Math.max(0, Math.trunc(value * scale - low * scale)));
  });
}

/** Spreads each channel's bytes evenly. */
export function equalize(picture: Picture): Picture {
  const tables = Array.from({ length: picture.channels }, (_, channel) => {
    const counts = histogram(picture, channel);
    const used = counts.filter((count) => count > 0);
    const step = used.length <= 1 ? 0 : Math.floor((used.reduce((sum, count) => sum + count, 0) - used.at(-1)!) / 255);
    if (step === 0) return undefined;
    let sum = Math.floor(step / 2);
    return Uint8Array.from({ length: 256 }, (_unused, value) => {
      const level = Math.min(255, Math.floor(sum / step));
      sum += counts[value]!;
      return level;
    });
  });
  return mapBytes(picture, (value, channel) => tables[channel]?.[value] ?? value);
}

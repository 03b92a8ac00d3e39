// Fits an image into a frame of another size: whole, centred, with its proportions.

import type { Pixels } from './decode.ts';

/** Resizes an image. Each pixel of the result is the mean of the area it covers, so that thin lines become faint but do not vanish. */
export function resize(image: Pixels, width: number, height: number): Pixels {
  const { channels } = image;
  const across = shares(image.width, width);
  const down = shares(image.height, height);
  const narrow = new Float32Array(image.height * width * channels);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [from, share] of across[x]!) {
        for (let c = 0; c < channels; c++)
          narrow[(y * width + x) * channels + c]! += share * image.data[(y * image.width + from) * channels + c]!;
      }
    }
  }
  const sums = new Float32Array(height * width * channels);
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    for (const [from, share] of down[y]!) for (let i = 0; i < row; i++) sums[y * row + i]! += share * narrow[from * row + i]!;
  }
  return { width, height, channels, data: Uint8Array.from(sums, Math.round) };
}

/** For each of `to` cells, the `from` cells that it is made of and their shares; shrinking averages, enlarging interpolates. */
function shares(from: number, to: number): [number, number][][] {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, cell) => {
    const centre = (cell + 0.5) * scale;
    const list: [number, number][] = [];
    for (let i = Math.floor(centre - reach / 2 - 0.5); i <= Math.ceil(centre + reach / 2); i++) {
      const overlap = Math.min(i + 1, centre + reach / 2) - Math.max(i, centre - reach / 2);
      if (overlap > 0) list.push([Math.min(Math.max(i, 0), from - 1), overlap / reach]);
    }
    return list;
  });
}

/** Copies `image` into a frame of one grey, with its upper left corner at (x, y); parts outside the frame are cut off. */
export function framed(image: Pixels, width: number, height: number, x: number, y: number, grey: number): Pixels {
  const data = new Uint8Array(width * height * image.channels).fill(grey);
  for (let row = Math.max(0, -y); row < Math.min(image.height, height - y); row++) {
    for (let column = Math.max(0, -x); column < Math.min(image.width, width - x); column++) {
      for (let c = 0; c < image.channels; c++) {
        data[((y + row) * width + x + column) * image.channels + c] = image.data[(row * image.width + column) * image.channels + c]!;
      }
    }
  }
  return { width, height, channels: image.channels, data };
}

/** Scales the whole image to the largest size that fits, in the middle of a black frame. */
export function contain(image: Pixels, width: number, height: number): Pixels {
  const scale = Math.min(width / image.width, height / image.height);
  const fitted = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))] as const;
  const small = fitted[0] === image.width && fitted[1] === image.height ? image : resize(image, ...fitted);
  return framed(small, width, height, Math.floor((width - fitted[0]) / 2), Math.floor((height - fitted[1]) / 2), 0);
}

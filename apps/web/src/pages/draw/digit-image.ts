// Makes of a drawing what MNIST made of its digits (yann.lecun.com/exdb/mnist): the ink fits into 20 of 28 pixels, and its centre of mass lies in
// the middle of the image.

/** A drawing: how much ink is where, 0 to 255. */
export interface Ink {
  /** `[size, size]` */
  readonly pixels: Uint8Array;
  readonly size: number;
}

/** The part of the image's side that the ink may fill. */
const FILLED = 20 / 28;

/** Below this, a pixel is paper. */
const PAPER = 8;

/**
 * The drawing as an image of `width` by `height` pixels, light on dark; undefined if there is no ink.
 * @returns `[height, width]`, 0 to 255
 */
export function digitImage({ pixels, size }: Ink, width: number, height: number): Uint8Array<ArrayBuffer> | undefined {
  const box = boxOf(pixels, size);
  if (box === undefined) return undefined;
  const scale = Math.max((box.right - box.left) / (FILLED * width), (box.bottom - box.top) / (FILLED * height));
  const image = new Uint8Array(width * height);
  // Each pixel of the image is the mean over a square of the drawing.
  const left = box.massX - (width / 2) * scale;
  const top = box.massY - (height / 2) * scale;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      image[row * width + column] = Math.round(meanOver(pixels, size, left + column * scale, top + row * scale, scale));
  return image;
}

function boxOf(pixels: Uint8Array, size: number) {
  let [left, top, right, bottom, mass, sumX, sumY] = [size, size, 0, 0, 0, 0, 0];
  for (let y = 0, at = 0; y < size; y++)
    for (let x = 0; x < size; x++, at++) {
      const ink = pixels[at]!;
      if (ink < PAPER) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
      mass += ink;
      sumX += ink * (x + 0.5);
      sumY += ink * (y + 0.5);
    }
  return mass === 0 ? undefined : { left, top, right, bottom, massX: sumX / mass, massY: sumY / mass };
}

/** The mean of the drawing over a square; outside it there is paper. */
function meanOver(pixels: Uint8Array, size: number, left: number, top: number, side: number): number {
  let sum = 0;
  const [x0, x1] = [Math.max(Math.floor(left), 0), Math.min(Math.ceil(left + side), size)];
  for (let y = Math.max(Math.floor(top), 0); y < Math.min(Math.ceil(top + side), size); y++) {
    const rows = Math.min(y + 1, top + side) - Math.max(y, top);
    for (let x = x0; x < x1; x++) sum += pixels[y * size + x]! * rows * (Math.min(x + 1, left + side) - Math.max(x, left));
  }
  return sum / (side * side);
}

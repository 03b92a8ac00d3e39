// Makes a drawn or photographed digit look like one of MNIST: light on black, scaled to a box of 20 pixels, its centre of mass in the
// middle of the image's 28 (LeCun et al. 1998, section III-A; http://yann.lecun.com/exdb/mnist).

import { framed, resize } from './contain.ts';
import type { Pixels } from './decode.ts';
import { centreOfMass, crop, inkBox, inverted, isLightAround, withoutPaper } from './ink.ts';

/** `auto` inverts images with a light border, which are dark on light. */
export type Invert = 'auto' | 'yes' | 'no';

/** The image, inverted if `invert` asks for it. */
export function invertedBy(image: Pixels, invert: Invert): Pixels {
  return invert === 'yes' || (invert === 'auto' && isLightAround(image)) ? inverted(image) : image;
}

/** Share of the image's side that a digit fills: 20 of MNIST's 28 pixels. */
const boxShare = 20 / 28;

/**
 * The digit of a grey image as MNIST would show it, in `size` times `size` pixels. An image that already looks like that is unchanged.
 * @returns undefined when nothing stands out from the background
 */
export function asMnist(image: Pixels, size: number, invert: Invert): Pixels | undefined {
  const light = invertedBy(image, invert);
  if (isMnist(light, size)) return light;
  const drawing = withoutPaper(light);
  const box = inkBox(drawing);
  if (box === undefined) return undefined;

  const cropped = crop(drawing, box);
  const scale = (size * boxShare) / Math.max(box.width, box.height);
  const small = resize(cropped, Math.max(1, Math.round(box.width * scale)), Math.max(1, Math.round(box.height * scale)));
  const strong = stretched(small);
  const centre = centreOfMass(strong);
  return framed(strong, size, size, Math.round(size / 2 - centre.x), Math.round(size / 2 - centre.y), 0);
}

/** Whether an image looks like MNIST's: the right size, a dark border, and a drawing of MNIST's size in the middle. */
function isMnist(image: Pixels, size: number): boolean {
  if (image.width !== size || image.height !== size) return false;
  const box = inkBox(image);
  if (box === undefined) return false;
  const centre = centreOfMass(image);
  const inMiddle = Math.abs(centre.x - size / 2) <= 2 && Math.abs(centre.y - size / 2) <= 2;
  const longest = Math.max(box.width, box.height);
  return inMiddle && longest >= size * 0.5 && longest <= size * 0.8 && !isLightAround(image);
}

/** Makes the brightest pixel white again, because thin lines fade when they are shrunk. */
function stretched(image: Pixels): Pixels {
  const most = Math.max(1, ...image.data);
  return { ...image, data: image.data.map((value) => Math.round((255 * value) / most)) };
}

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
  return digitOn(lightOnDark(image, size, invert), size);
}

/** The image light on dark; of a light card on a dark table only the card, without its edge. */
export function lightOnDark(image: Pixels, size: number, invert: Invert): Pixels {
  const light = invertedBy(image, invert);
  if (invert !== 'auto' || isMnist(light, size)) return light;
  const drawing = withoutPaper(light);
  const box = inkBox(drawing);
  if (box === undefined || !isCard(crop(drawing, box))) return light;
  return inverted(inner(crop(light, box)));
}

/** The digit of an image that is light on dark; undefined when nothing stands out. */
export function digitOn(light: Pixels, size: number): Pixels | undefined {
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

/** Share of a card's side that is cut off on each side, with the shadow of its edge. */
const cardEdge = 0.04;
/** The most of a card that a drawing covers. The holes of a bold 0 or 8 cover more. */
const mostOnCard = 0.2;

/** Whether what stands out from the background is itself a sheet of paper with a drawing on it, e.g. a white card on a dark table. */
function isCard(part: Pixels): boolean {
  if (Math.min(part.width, part.height) < 16 || !isLightAround(part)) return false;
  const { data, width, height } = inner(part);
  const isInk = (at: number) => data[at]! < 128;
  let [ink, onEdge] = [0, 0];
  for (let at = 0; at < data.length; at++) {
    if (!isInk(at)) continue;
    ink++;
    const [x, y] = [at % width, Math.floor(at / width)];
    if (x === 0 || x === width - 1 || y === 0 || y === height - 1) onEdge++;
  }
  return onEdge === 0 && ink > 0.005 * data.length && ink <= mostOnCard * data.length;
}

/** An image without its edge. */
function inner(image: Pixels): Pixels {
  const [left, top] = [Math.ceil(image.width * cardEdge), Math.ceil(image.height * cardEdge)];
  return crop(image, { left, top, width: image.width - 2 * left, height: image.height - 2 * top });
}

/** Makes the brightest pixel white again, because thin lines fade when they are shrunk. */
function stretched(image: Pixels): Pixels {
  const most = Math.max(1, ...image.data);
  return { ...image, data: image.data.map((value) => Math.round((255 * value) / most)) };
}

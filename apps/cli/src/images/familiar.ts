// Tells whether an image looks like a drawing on paper, as all images do that models of digits learn from.
//
// The rule: an image is no such drawing if
//   - more than 2 % of its pixels are on the other side of the paper than the ink, by over a quarter of the contrast between the two;
//   - or more than 70 % of the pixels that are not paper are half-tones, between a quarter and three quarters of the contrast;
//   - or more than 30 % of its edge differs from the paper by over a quarter of the contrast.
// None of the 10,000 test images of MNIST and of 10,000 built-in digits is beyond any of these limits; of 400 photographs of CIFAR-10, 89 % are.

import type { Pixels } from './decode.ts';
import { tonesOf } from './ink.ts';

const mostBeyondPaper = 0.02;
const mostHalfTones = 0.7;
const mostOfEdge = 0.3;

/** Whether a grey image, light on dark, looks like a drawing on paper. */
export function looksLikeDrawing(image: Pixels): boolean {
  const { paper, ink, unlikePaper } = tonesOf(image);
  const quarter = (ink - paper) / 4;
  let [beyond, halfTones, full] = [0, 0, 0];
  for (const value of image.data) {
    if (value < paper - quarter) beyond++;
    else if (value > paper + 3 * quarter) full++;
    else if (value > paper + quarter) halfTones++;
  }
  return beyond <= mostBeyondPaper * image.data.length && halfTones <= mostHalfTones * (halfTones + full) && unlikePaper <= mostOfEdge;
}

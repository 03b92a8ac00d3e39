import { describe, expect, it } from 'vitest';
import type { Pixels } from './decode.ts';
import { asMnist } from './digit.ts';
import { centreOfMass, inkBox, inverted } from './ink.ts';

const paper = (width: number, height: number, grey = 0): Pixels => ({ width, height, channels: 1, data: new Uint8Array(width * height).fill(grey) });

function bar(image: Pixels, left: number, top: number, width: number, height: number, grey = 255): Pixels {
  for (let y = top; y < top + height; y++) image.data.fill(grey, y * image.width + left, y * image.width + left + width);
  return image;
}

describe('a drawing made to look like MNIST', () => {
  it('fills 20 of 28 pixels, with its centre of mass in the middle', () => {
    const drawing = bar(paper(300, 200), 20, 30, 15, 120);
    const result = asMnist(drawing, 28, 'auto');
    expect([result.width, result.height]).toEqual([28, 28]);
    expect(inkBox(result)).toMatchObject({ top: 4, height: 20 });
    const centre = centreOfMass(result);
    for (const place of [centre.x, centre.y]) expect(Math.abs(place - 14)).toBeLessThanOrEqual(0.5);
  });

  it('is the same for dark on light and light on dark', () => {
    const drawing = bar(paper(300, 200), 100, 30, 40, 120);
    expect(asMnist(inverted(drawing), 28, 'auto').data).toEqual(asMnist(drawing, 28, 'auto').data);
    expect(asMnist(inverted(drawing), 28, 'yes').data).toEqual(asMnist(drawing, 28, 'no').data);
  });

  it('keeps its proportions', () => {
    const box = inkBox(asMnist(bar(paper(300, 300), 10, 10, 30, 120), 28, 'auto'))!;
    expect(box.height / box.width).toBeCloseTo(4, 0);
  });

  it('does not mind grey paper and a speck of dust', () => {
    const clean = asMnist(bar(paper(300, 300), 100, 50, 40, 200, 220), 28, 'no');
    const dirty = bar(bar(paper(300, 300, 40), 100, 50, 40, 200, 220), 280, 290, 5, 5, 200);
    expect(inkBox(asMnist(dirty, 28, 'no'))).toEqual(inkBox(clean));
  });

  it('leaves an image of MNIST as it is', () => {
    const digit = bar(paper(28, 28), 13, 4, 3, 20, 240);
    expect(asMnist(digit, 28, 'auto').data).toEqual(digit.data);
  });

  it('makes a blank page black', () => {
    for (const grey of [0, 128, 255]) expect(Math.max(...asMnist(paper(50, 70, grey), 28, 'auto').data)).toBe(0);
  });

  it('draws thin lines in full strength', () => {
    expect(Math.max(...asMnist(bar(paper(600, 600), 300, 50, 4, 500), 28, 'auto').data)).toBe(255);
  });

  it('takes a single pixel', () => {
    expect(asMnist(paper(1, 1, 255), 28, 'auto').data).toHaveLength(784);
  });
});

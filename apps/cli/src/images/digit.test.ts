import { describe, expect, it } from 'vitest';
import type { Pixels } from './decode.ts';
import { asMnist } from './digit.ts';
import type { Invert } from './digit.ts';
import { centreOfMass, inkBox, inverted } from './ink.ts';

function asDigit(image: Pixels, size: number, invert: Invert): Pixels {
  const digit = asMnist(image, size, invert);
  if (digit === undefined) throw new Error('nothing found');
  return digit;
}

const paper = (width: number, height: number, grey = 0): Pixels => ({
  width,
  height,
  channels: 1,
  data: new Uint8Array(width * height).fill(grey),
});

function bar(image: Pixels, left: number, top: number, width: number, height: number, grey = 255): Pixels {
  for (let y = top; y < top + height; y++) image.data.fill(grey, y * image.width + left, y * image.width + left + width);
  return image;
}

describe('a drawing made to look like MNIST', () => {
  it('fills 20 of 28 pixels, with its centre of mass in the middle', () => {
    const drawing = bar(paper(300, 200), 20, 30, 15, 120);
    const result = asDigit(drawing, 28, 'auto');
    expect([result.width, result.height]).toEqual([28, 28]);
    expect(inkBox(result)).toMatchObject({ top: 4, height: 20 });
    const centre = centreOfMass(result);
    for (const position of [centre.x, centre.y]) expect(Math.abs(position - 14)).toBeLessThanOrEqual(0.5);
  });

  it('is the same for dark on light and light on dark', () => {
    const drawing = bar(paper(300, 200), 100, 30, 40, 120);
    expect(asDigit(inverted(drawing), 28, 'auto').data).toEqual(asDigit(drawing, 28, 'auto').data);
    expect(asDigit(inverted(drawing), 28, 'yes').data).toEqual(asDigit(drawing, 28, 'no').data);
  });

  it('keeps its proportions', () => {
    const box = inkBox(asDigit(bar(paper(300, 300), 10, 10, 30, 120), 28, 'auto'))!;
    expect(box.height / box.width).toBeCloseTo(4, 0);
  });

  it('does not mind grey paper and a speck of dust', () => {
    const clean = asDigit(bar(paper(300, 300), 100, 50, 40, 200, 220), 28, 'no');
    const dirty = bar(bar(paper(300, 300, 40), 100, 50, 40, 200, 220), 280, 290, 5, 5, 200);
    expect(inkBox(asDigit(dirty, 28, 'no'))).toEqual(inkBox(clean));
  });

  it('leaves an image of MNIST as it is', () => {
    const digit = bar(paper(28, 28), 13, 4, 3, 20, 240);
    expect(asDigit(digit, 28, 'auto').data).toEqual(digit.data);
  });

  it('finds nothing on a blank page', () => {
    for (const grey of [0, 128, 255]) expect(asMnist(paper(50, 70, grey), 28, 'auto')).toBeUndefined();
    expect(asMnist(paper(28, 28), 28, 'auto')).toBeUndefined();
  });

  it('does not take the holes of a bold, square 0 or 8 for a drawing on a card', () => {
    for (const holes of [
      [[115, 75, 70, 150]],
      [
        [115, 75, 70, 60],
        [115, 165, 70, 60],
      ],
    ] as const) {
      const drawn = bar(paper(300, 300), 85, 45, 130, 210);
      for (const [left, top, width, height] of holes) bar(drawn, left, top, width, height, 0);
      expect(inkBox(asDigit(drawn, 28, 'auto'))).toMatchObject({ top: 4, width: 12, height: 20 });
    }
  });

  it('finds a small drawing on a large page', () => {
    expect(inkBox(asDigit(bar(paper(1000, 800), 10, 700, 4, 20), 28, 'auto'))).toMatchObject({ height: 20 });
  });

  it('draws thin lines in full strength', () => {
    expect(Math.max(...asDigit(bar(paper(600, 600), 300, 50, 4, 500), 28, 'auto').data)).toBe(255);
  });

  it.each([1, 2, 3])('takes an image of %i pixels', (size) => {
    expect(() => asMnist(bar(paper(size, size), 0, 0, 1, 1), 28, 'auto')).not.toThrow();
  });
});

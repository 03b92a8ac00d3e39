import { expect, test } from 'vitest';
import { rectanglesOf, widthOf } from './layout.ts';

test('small textures are as high as wide, large ones have few rows', () => {
  expect([1, 2 ** 14, 2 ** 14 + 1, 2 ** 22].map(widthOf)).toEqual([128, 128, 2048, 2048]);
});

test.each([1, 127, 128, 129, 1000])('%d texels lie in rectangles one after another', (texels) => {
  const rectangles = rectanglesOf(texels, 128);
  expect(rectangles.reduce((sum, { columns, rows }) => sum + columns * rows, 0)).toBe(texels);
  for (const { y, first, columns } of rectangles) expect([first, columns <= 128]).toEqual([128 * y, true]);
});

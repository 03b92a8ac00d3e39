import pc from 'picocolors';
import { expect, it } from 'vitest';
import { confusionTable } from './confusion-table.ts';

const plain = pc.createColors(false);

it('labels rows and columns, and says how many of each class were right', () => {
  const lines = confusionTable(
    [
      [98, 2],
      [0, 100],
    ],
    ['cat', 'dog'],
    80,
    plain,
  );
  expect(lines).toEqual(['       predicted', 'actual  cat dog    right', 'cat      98   2   98.00%', 'dog       · 100  100.00%']);
});

it('fits ten classes of four digits in 60 columns', () => {
  const matrix = Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, j) => (i === j ? 1135 : 7)));
  const labels = Array.from({ length: 10 }, (_, i) => String(i));
  const lines = confusionTable(matrix, labels, 60, plain);
  expect(lines).toHaveLength(12);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});

it('colours what is right and what is wrong', () => {
  const text = confusionTable(
    [
      [3, 1],
      [0, 4],
    ],
    ['a', 'b'],
    80,
    pc.createColors(true),
  ).join('\n');
  expect(text).toContain('\u001b[32m');
  expect(text).toContain('\u001b[31m');
});

it('lists the largest confusions where a table would be too wide', () => {
  const matrix = Array.from({ length: 30 }, (_, i) => Array.from({ length: 30 }, (_, j) => (i === 3 && j === 5 ? 9 : i === j ? 10 : 0)));
  const labels = Array.from({ length: 30 }, (_, i) => `class ${i}`);
  expect(confusionTable(matrix, labels, 200, plain)).toEqual(['largest confusions:', '      9  class 3 taken for class 5']);
});

it('has no figure for a class without images', () => {
  expect(
    confusionTable(
      [
        [0, 0],
        [0, 4],
      ],
      ['a', 'b'],
      80,
      plain,
    )[2],
  ).toBe('a         ·   ·');
});

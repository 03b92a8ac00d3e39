// docs/zoo.md has every model: a row with its figures, and a paragraph on what it brought.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listModels } from './create.ts';

const page = readFileSync(new URL('../../../docs/zoo.md', import.meta.url), 'utf8');
const [, paragraphs] = page.split('\n## What each brought to the field\n');

/** The cells of the row whose first cell is the name. */
const rowOf = (name: string): string[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith(`| \`${name}\` `))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()).join(' | ')); // prettier-ignore

test.each(listModels())('$name', ({ name, title, year, paper, parameters, multiplyAdds, top1 = '', top5 = '', source = '' }) => {
  const counts = [parameters, multiplyAdds].map((count) => count.toLocaleString('en-US'));
  expect(rowOf(name)).toEqual([[`\`${name}\``, `[${title}](${paper.url})`, year, ...counts, top1, top5, source].join(' | ')]);
  expect(paragraphs).toContain(`\`${name}\``);
});

// The code blocks of a guide: what the page shows is what is compiled and run.

import { readFileSync } from 'node:fs';

/** The blocks of a Markdown file whose info string is `ts` and the given word, joined in order. */
export function codeBlocks(markdown: string, word: string): string {
  const blocks = [...markdown.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)];
  return blocks
    .filter(([, info]) => info === word)
    .map(([, , code]) => code)
    .join('\n');
}

export function readGuide(name: string): string {
  return readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
}

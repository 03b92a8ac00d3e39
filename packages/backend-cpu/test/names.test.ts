// What scripts/names.mjs wrote is what its table says.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Written {
  readonly path: string;
  readonly text: string;
}

const { files } = (await import(new URL('../scripts/names.mjs', import.meta.url).href)) as { readonly files: readonly Written[] };

it.each(files.map(({ path, text }) => [path.slice(path.indexOf('backend-cpu')), path, text]))('%s is up to date', (_, path, text) => {
  expect(readFileSync(path, 'utf8'), 'run node packages/backend-cpu/scripts/names.mjs').toBe(text);
});

// The list of layers is whole: a layer that a model may contain can also be opened from a file.

import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as layers from './index.ts';

test('allLayers has the function of every file with a class of layers, and no other', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.includes('.test.'));
  const types = files.flatMap((file) => {
    const source = readFileSync(`${import.meta.dirname}/${file}`, 'utf8');
    return /^export class \w+ implements \w*Layer\b/m.test(source) ? [/^ {2}readonly type = '(\w+)'/m.exec(source)![1]!] : [];
  });
  expect(Object.keys(layers.allLayers).sort()).toEqual(types.sort());
  for (const type of types) expect(layers.allLayers[type]).toBe((layers as Record<string, unknown>)[type]);
});

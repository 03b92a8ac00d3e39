// The list of layers is whole: a layer that a model may contain can also be opened from a file.

import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as layers from './index.ts';

test('allLayers has the function of every class of layers, and no other', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('.test.'),
  );
  const types = files.flatMap((file) => {
    const source = readFileSync(`${import.meta.dirname}/${file}`, 'utf8');
    const classes = [...source.matchAll(/^export class (\w+)(?:<.*>)? (?:implements|extends) \w/gm)].map(([, name]) => name);
    const functions = [...source.matchAll(/^export function (\w+)\([^)]*\): (\w+)(?:<.*>)? \{/gm)];
    return functions.filter(([, , made]) => classes.includes(made)).map(([, name]) => name!);
  });
  expect(Object.keys(layers.allLayers).sort()).toEqual(types.sort());
  for (const type of types) expect(layers.allLayers[type]).toBe((layers as Record<string, unknown>)[type]);
});

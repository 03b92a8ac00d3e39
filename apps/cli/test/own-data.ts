// Data as a person has them, made for tests: folders of drawn digits, and tables.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream, randomKey } from '@sinapse/core';
import { digits } from '@sinapse/datasets';
import sharp from 'sharp';

/**
 * Writes drawn digits as PNG files into folders.
 * @param classes the digit that each folder holds, and how many of it
 * @param sides the sides of the pictures in pixels, in turn
 */
export async function writePictures(
  root: string,
  classes: Readonly<Record<string, readonly [digit: number, count: number]>>,
  sides: readonly number[] = [28],
): Promise<void> {
  const set = digits({ count: 1500 });
  const size = set.height * set.width;
  for (const [name, [digit, count]] of Object.entries(classes)) {
    mkdirSync(join(root, name), { recursive: true });
    const places = Array.from(set.labels, (label, i) => (label === digit ? i : -1)).filter((i) => i >= 0);
    for (let i = 0; i < count; i++) {
      const pixels = set.images.slice(places[i]! * size, (places[i]! + 1) * size);
      const image = sharp(pixels, { raw: { width: set.width, height: set.height, channels: 1 } }).resize(sides[i % sides.length]);
      await image.png().toFile(join(root, name, `${String(i).padStart(3, '0')}.png`));
    }
  }
}

/** A table of flowers of three kinds in semicolons and decimal commas, which lacks some values. */
export function writeFlowers(path: string, rows = 240): void {
  const random = new RandomStream(randomKey(3));
  const lines = Array.from({ length: rows }, (_, i) => {
    const kind = i % 3;
    const petal = 1.5 + 2 * kind + 0.3 * random.normal();
    const leaf = 5 + kind + 0.5 * random.normal();
    const place = ['bosque', 'campo', 'água'][random.uniform() < 0.8 ? kind : 0]!;
    const cells = [petal.toFixed(2).replace('.', ','), random.uniform() < 0.1 ? 'NA' : leaf.toFixed(2).replace('.', ','), place];
    return [...cells, random.uniform() < 0.02 ? '' : ['Açucena', 'Íris', 'Rosa 🌹'][kind]].join(';');
  });
  writeFileSync(path, `petal;leaf;place;kind\n${lines.join('\n')}\n`);
}

/** A table of houses: price = 3 size - age + 100 in one of two towns, with an error of standard deviation 10. */
export function writeHouses(path: string, rows = 240): void {
  const random = new RandomStream(randomKey(4));
  const lines = Array.from({ length: rows }, (_, i) => {
    const [size, age, town] = [50 + 100 * random.uniform(), 60 * random.uniform(), i % 2];
    const price = 3 * size - age + 100 * town + 10 * random.normal();
    return [i + 1, size.toFixed(1), age.toFixed(0), ['Belém', 'Rio'][town], price.toFixed(2)].join(',');
  });
  writeFileSync(path, `id,size,age,town,price\n${lines.join('\n')}\n`);
}

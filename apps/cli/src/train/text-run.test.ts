// How long a text is learned unless the command line says so.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { planText } from './text-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [2000, {}, 40],
  [20_000, {}, 21],
  [200_000, {}, 10],
  [20_000, { batchSize: 16 }, 11],
  [20_000, { epochs: 3 }, 3],
])('%d characters with %j are learned in %d passes, at a rate that a few hundred steps suffice for', async (size, options, passes) => {
  const path = join(folder, `${size}.txt`);
  writeFileSync(path, 'all the ships are asleep '.repeat(size / 25));
  const { epochs, adamRate, train, batchSize } = await planText('char-lstm', path, { data: path, ...options });
  expect([epochs, adamRate]).toEqual([passes, 0.01]);
  expect(epochs * Math.ceil(train.x.shape[0]! / batchSize)).toBeLessThan(2000);
});

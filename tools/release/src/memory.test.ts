// A thousand training steps hold no more memory than two hundred. The test takes half a minute, so it is in the full tier.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileGuide } from './guide.ts';

const trained = (images: string): string => `
import { cpu } from '@sinapse/backend-cpu';
import { memory, use } from '@sinapse/core';
import { imageDataset } from '@sinapse/datasets';
import { loadSplit } from '@sinapse/datasets/node';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

declare const process: { memoryUsage(): { rss: number; external: number } };

use(await cpu());
const { images, preprocessing } = ${images};
const data = imageDataset(images, preprocessing).shuffle(1).batch(8);
const model = lenet5();
model.build([28, 28, 1], 1);
const seen: object[] = [];
await fit(model, data, {
  optimizer: adam(),
  loss: softmaxCrossEntropy,
  epochs: 1,
  seed: 1,
  callbacks: [
    {
      onStep({ globalStep }) {
        if (globalStep !== 200 && globalStep !== 1000) return;
        (globalThis as { gc?: () => void }).gc?.();
        const { rss, external } = process.memoryUsage();
        seen.push({ bytes: memory().bytes, tensors: memory().tensors, external, rss });
      },
    },
  ],
});
console.log(JSON.stringify(seen));
`;

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

const mnist = join(process.env['SINAPSE_DATA'] ?? '', 'mnist');
const hasMnist = process.env['SINAPSE_DATA'] !== undefined && existsSync(mnist);

/** The memory that a training holds at steps 200 and 1,000. */
function readings(name: string, images: string, flags: readonly string[]): [early: Reading, late: Reading] {
  const { javascript } = compileGuide(name, trained(images));
  const printed = execFileSync(process.execPath, [...flags, fileURLToPath(javascript)], { encoding: 'utf8' });
  const [early, late] = JSON.parse(printed) as [Reading, Reading];
  console.log(`${name}, step 200: ${JSON.stringify(early)}, step 1,000: ${JSON.stringify(late)}`);
  expect(late.tensors).toBe(early.tensors);
  expect(late.bytes).toBe(early.bytes);
  return [early, late];
}

test.skipIf(!full)('memory from step 200 to step 1,000 (needs the full tier)', () => {
  // A young generation of fixed size, and a collection before each reading, so that the time of V8's collections does not matter.
  const flags = ['--expose-gc', '--max-semi-space-size=1'];
  const [early, late] = readings('memory', "await loadSplit('digits', 'train', { count: 8000, seed: 1 })", flags);
  expect(late.external).toBeLessThan(early.external * 1.02);
});

test.skipIf(!full || !hasMnist)('the resident set with MNIST, as Node is by default (needs the full tier and the MNIST files)', () => {
  const [early, late] = readings('resident', `await loadSplit('mnist', 'train', { count: 8000, dir: ${JSON.stringify(mnist)} })`, []);
  expect(late.rss).toBeLessThan(early.rss * 1.02);
});

interface Reading {
  readonly bytes: number;
  readonly tensors: number;
  readonly external: number;
  readonly rss: number;
}

// A thousand training steps hold no more memory than two hundred: nothing is kept from step to step. Takes half a minute, so in the full tier.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileGuide } from './guide.ts';

const program = `
import { cpu } from '@sinapse/backend-cpu';
import { memory, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

declare const process: { memoryUsage(): { rss: number; external: number } };
declare const gc: () => void;

use(await cpu());
const data = imageDataset(digits({ count: 8000, seed: 1, split: 'train' })).shuffle(1).batch(8);
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
        gc();
        const { rss, external } = process.memoryUsage();
        seen.push({ bytes: memory().bytes, tensors: memory().tensors, external, rss });
      },
    },
  ],
});
console.log(JSON.stringify(seen));
`;

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

test.skipIf(!full)('memory from step 200 to step 1,000 (needs the full tier)', { timeout: 300_000 }, () => {
  const { javascript } = compileGuide('memory', program);
  // A young generation of fixed size, and a collection before each reading: what is compared is what is held, not when V8 cleans up.
  const flags = ['--expose-gc', '--max-semi-space-size=1'];
  const printed = execFileSync(process.execPath, [...flags, fileURLToPath(javascript)], { encoding: 'utf8' });
  const [early, late] = JSON.parse(printed) as [Reading, Reading];
  console.log(`step 200: ${JSON.stringify(early)}, step 1,000: ${JSON.stringify(late)}`);
  expect(late.tensors).toBe(early.tensors);
  expect(late.bytes).toBe(early.bytes);
  expect(late.external).toBeLessThan(early.external * 1.02);
});

interface Reading {
  readonly bytes: number;
  readonly tensors: number;
  readonly external: number;
  readonly rss: number;
}

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

declare const process: { memoryUsage: { rss(): number } };

use(await cpu());
const data = imageDataset(digits({ count: 8000, seed: 1, split: 'train' })).shuffle(1).batch(8);
const model = lenet5();
model.build([28, 28, 1], 1);
const seen: { bytes: number; tensors: number; rss: number }[] = [];
await fit(model, data, {
  optimizer: adam(),
  loss: softmaxCrossEntropy,
  epochs: 1,
  seed: 1,
  callbacks: [
    {
      onStep({ globalStep }) {
        if (globalStep === 200 || globalStep === 1000) seen.push({ bytes: memory().bytes, tensors: memory().tensors, rss: process.memoryUsage.rss() });
      },
    },
  ],
});
console.log(JSON.stringify(seen));
`;

test.runIf(process.env['SINAPSE_TEST_TIER'] === 'full')('memory from step 200 to step 1,000', { timeout: 300_000 }, () => {
  const { javascript } = compileGuide('memory', program);
  const [early, late] = JSON.parse(execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' }));
  expect({ bytes: late.bytes, tensors: late.tensors }).toEqual({ bytes: early.bytes, tensors: early.tensors });
  console.log(`resident set at step 200 ${early.rss}, at step 1,000 ${late.rss}`);
  expect(late.rss).toBeLessThan(early.rss * 1.02);
});

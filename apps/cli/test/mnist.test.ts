// The real thing: handwriting. The files are no part of the repository.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';

const data = process.env['SINAPSE_DATA'];
const files = data !== undefined && existsSync(join(data, 'mnist')) ? data : undefined;
const full = process.env['SINAPSE_TEST_TIER'] === 'full';
testFolder();

const mnist = ['--dataset', 'mnist', '--data-dir', files ?? '', '--json'];

describe.skipIf(files === undefined)('MNIST', () => {
  it('is learned, measured and read (needs the MNIST files)', { timeout: 60_000 }, async () => {
    const args = [
      'train',
      '--model',
      'lenet5',
      '--epochs',
      '1',
      '--batch-size',
      '16',
      '--train-limit',
      '512',
      '--test-limit',
      '200',
      '--out',
      'run',
      ...mnist,
    ];
    const { code, events } = await sinapse(...args);
    expect(code).toBe(0);
    const { testAccuracy, testLoss } = events.at(-1)! as { testAccuracy: number; testLoss: number };
    expect(testAccuracy).toBeGreaterThan(0.6);
    const evaluated = await sinapse('evaluate', 'run/model.safetensors', '--test-limit', '200', ...mnist);
    expect(evaluated.events).toMatchObject([{ accuracy: testAccuracy, loss: testLoss }]);
  });

  it.runIf(full)('is learned to 98% in two epochs (full tier, needs the MNIST files)', { timeout: 1_800_000 }, async () => {
    const { code, events } = await sinapse('train', '--model', 'lenet5', '--epochs', '2', '--out', 'full', ...mnist);
    expect(code).toBe(0);
    expect(events.at(-1)!['testAccuracy']).toBeGreaterThan(0.98);
  });
});

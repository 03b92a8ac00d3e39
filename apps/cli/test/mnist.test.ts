// Trains on the real MNIST, whose files are not part of the repository.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';

const data = process.env['SINAPSE_DATA'];
const files = data !== undefined && existsSync(join(data, 'mnist')) ? data : undefined;
const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const folder = testFolder();

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

  it.skipIf(!full)('is learned to 98.5% in two epochs, twice to the same bits (needs the full tier and the MNIST files)', async () => {
    const train = (out: string) => sinapse('train', '--model', 'lenet5', '--epochs', '2', '--seed', '1', '--out', out, ...mnist);
    const { code, events } = await train('full');
    expect(code).toBe(0);
    const { testAccuracy, testLoss } = events.at(-1)! as { testAccuracy: number; testLoss: number };
    expect(testAccuracy).toBeGreaterThanOrEqual(0.985);
    const evaluated = await sinapse('evaluate', 'full/model.safetensors', ...mnist);
    expect(evaluated.events).toMatchObject([{ accuracy: testAccuracy, loss: testLoss }]);
    await train('again');
    expect(readFileSync(join(folder, 'again', 'model.safetensors'))).toEqual(readFileSync(join(folder, 'full', 'model.safetensors')));
  });
});

describe('the generated digits are a real task', () => {
  it('one epoch of them gives between 92% and 99.5%', async () => {
    const { code, events } = await sinapse('train', '--quick-start', '--out', 'digits', '--json');
    expect(code).toBe(0);
    const { testAccuracy } = events.at(-1)! as { testAccuracy: number };
    expect(testAccuracy).toBeGreaterThanOrEqual(0.92);
    expect(testAccuracy).toBeLessThanOrEqual(0.995);
  });

  it.skipIf(files === undefined)('and at least 70% on the real ones (needs the MNIST files)', { timeout: 120_000 }, async () => {
    const { events } = await sinapse('evaluate', 'digits/model.safetensors', ...mnist);
    expect(events[0]!['accuracy']).toBeGreaterThanOrEqual(0.7);
  });
});

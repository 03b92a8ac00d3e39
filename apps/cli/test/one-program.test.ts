// The same training and the same model through every backend that the command line reaches.

import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { vulkanEnvironment } from '../../../packages/backend-webgpu/test/vulkan.ts';
import { sinapse, start, testFolder } from './sinapse.ts';
import type { Finished } from './sinapse.ts';

testFolder();
const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const vulkan = vulkanEnvironment();
const usable = async (name: string) =>
  (await sinapse('backends', '--json')).events.some((event) => event['name'] === name && event['available'] === true);
const native = await usable('native');

/** The steps are short of the epoch of a quick start, so that the reference takes seconds. */
const training = ['train', '--quick-start', '--batch-size', '16', '--train-limit', full ? '320' : '48', '--test-limit', '100', '--json'];
const evaluation = ['--dataset', 'digits', '--test-limit', '100', '--json'];

const run = (backend: string, ...args: string[]): Promise<Finished> =>
  backend === 'webgpu' ? start([...args, '--backend', backend], { env: vulkan! }).finished : sinapse(...args, '--backend', backend);

const driver = 'the driver of Chromium: install it, or name its folder in SINAPSE_SWIFTSHADER';
const backends: [name: string, there: boolean, why: string][] = [
  ['native', native, 'native code: npm run build'],
  ['wasm', true, ''],
  ['webgpu', vulkan !== undefined, driver],
];

let trained: Finished;
beforeAll(async () => {
  writeFileSync(
    'seven.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><path d="M15 12H44L24 50" fill="none" stroke="#000" stroke-width="5"/></svg>',
  );
  trained = await run('reference', ...training, '--out', 'reference');
});

// WebGPU takes longest; in the first tier, lost-device.test.ts trains on it.
describe.each(backends.filter(([name]) => full || name !== 'webgpu'))('%s', (backend, there, why) => {
  it.skipIf(!there)(`trains as the reference does, and each reads the model of the other${there ? '' : ` (needs ${why})`}`, async () => {
    const { code, stderr, events } = await run(backend, ...training, '--out', backend);
    expect([code, stderr]).toEqual([0, '']);
    const [epoch, done] = events;
    const [expected, end] = trained.events;
    // Rounding decides which of two nearly equal values a pool takes, and from there on the trainings differ.
    expect(Math.abs((epoch!['loss'] as number) - (expected!['loss'] as number))).toBeLessThan(1e-2);
    expect(Math.abs((done!['testLoss'] as number) - (end!['testLoss'] as number))).toBeLessThan(1e-2);
    expect(Math.abs((done!['testAccuracy'] as number) - (end!['testAccuracy'] as number))).toBeLessThanOrEqual(0.01);

    for (const [model, { testLoss, testAccuracy }] of [
      ['reference', end!],
      [backend, done!],
    ] as const) {
      const file = `${model}/model.safetensors`;
      const other = model === backend ? 'reference' : backend;
      const [evaluated] = (await run(other, 'evaluate', file, ...evaluation)).events;
      // Only float32 sums differ.
      expect(Math.abs((evaluated!['loss'] as number) - (testLoss as number))).toBeLessThan(1e-5);
      expect(Math.abs((evaluated!['accuracy'] as number) - (testAccuracy as number))).toBeLessThanOrEqual(0.01);
    }
    const [here, elsewhere] = [await predicted(backend), await predicted('reference')];
    expect(here.size).toBe(10);
    for (const [label, probability] of here) expect(Math.abs(probability - elsewhere.get(label)!)).toBeLessThan(1e-5);
  });
});

/** The probability of each label for a drawing, by the model of the reference. */
async function predicted(backend: string): Promise<Map<string, number>> {
  const { events } = await run(backend, 'predict', 'reference/model.safetensors', 'seven.svg', '--top', '10', '--json');
  return new Map((events[0]!['top'] as { label: string; probability: number }[]).map(({ label, probability }) => [label, probability]));
}

// The whole backend in Node, on a software driver.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ConformanceReport } from '@sinapse/backend-testkit/conformance';
import { expect, test } from 'vitest';
import { vulkanEnvironment } from './vulkan.ts';

const env = vulkanEnvironment();
const full = process.env['SINAPSE_TEST_TIER'] === 'full';

async function run(script: string): Promise<unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path], { env: env!, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

test.skipIf(env === undefined)(
  'conforms in Node on SwiftShader (needs the driver of Chromium: install it, or name its folder in SINAPSE_SWIFTSHADER)',
  { timeout: full ? 1_800_000 : 300_000 },
  async () => {
    const { checks, passed, info } = (await run('suite.mjs')) as Pick<ConformanceReport, 'checks' | 'passed' | 'info'>;
    expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(checks.length).toBeGreaterThan(300);
    expect(passed).toBe(true);
    expect(info.device).toMatch(/SwiftShader/);
  },
);

test.skipIf(env === undefined)('a lost device, too little memory, and a training as on the reference', { timeout: 300_000 }, async () => {
  const { furthest, ...rest } = (await run('misfortune.mjs')) as { readonly furthest: number };
  expect(furthest).toBeLessThan(1e-4); // 200 steps of float32 sums in another order
  expect(rest).toEqual({
    option: expect.stringMatching(/^webgpu: memoryLimt is no option; did you mean/),
    memory: expect.stringMatching(/^memory: .* needs 4,194,304 bytes/),
    usable: [1, 2],
    flat: true,
    learned: true,
    pending: expect.stringMatching(/^the device of the backend webgpu is lost.*; make a new backend and go on from a checkpoint$/),
    later: expect.stringMatching(/^the device of the backend webgpu is lost/),
  });
});

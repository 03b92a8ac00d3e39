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
    const { whole, tiles } = (await run('suite.mjs')) as Record<'whole' | 'tiles', Pick<ConformanceReport, 'checks' | 'info'>>;
    for (const { checks } of [whole, tiles]) expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(whole.checks.length).toBeGreaterThan(300);
    expect(tiles.checks.length).toBe(3);
    expect(whole.info.device).toMatch(/SwiftShader/);
  },
);

test.skipIf(env === undefined)(
  'what can go wrong, what is compiled and timed, and a training as on the reference',
  { timeout: 300_000 },
  async () => {
    const { furthest, ...rest } = (await run('misfortune.mjs')) as { readonly furthest: number };
    expect(furthest).toBeLessThan(1e-4); // 200 steps of float32 sums in another order
    expect(rest).toEqual({
      option: expect.stringMatching(/^webgpu: memoryLimt is no option; did you mean/),
      memory: expect.stringMatching(/^memory: a float32 tensor \[1048576\] on webgpu needs 4,194,304 bytes/),
      usable: [1, 2],
      flat: true,
      learned: true,
      progress: [[1, 2], [2, 2]], // prettier-ignore
      compiled: 0,
      staging: 1,
      timed: [['matmul', 'device', true]],
      shader: expect.stringMatching(/^webgpu: the shader of logSoftmax does not compile on this device: .*error/),
      lowered: ['-0.6931', '-0.6931'],
      deviceMemory: expect.stringMatching(
        /^memory: a float32 tensor \[30000\] on webgpu needs 131,072 bytes, which could not be allocated/,
      ),
      usableAgain: [4, 5],
      pending: expect.stringMatching(/^the device of the backend webgpu is lost.*; make a new backend and go on from a checkpoint$/),
      later: expect.stringMatching(/^the device of the backend webgpu is lost/),
    });
  },
);

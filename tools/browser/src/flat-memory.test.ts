// A long training on a graphics processor ends with the memory that it had at its beginning. Shorter ones are in the other tests of each backend.

import type { memory } from '@sinapse/core';
import { expect, test } from 'vitest';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

type Memory = ReturnType<typeof memory>;

interface Outcome {
  readonly memory: readonly Memory[];
  readonly first: number;
  readonly last: number;
}

test.skipIf(chromium === undefined || !full).each(['webgl', 'webgpu'])(
  '2,000 steps of LeNet-5 on %s keep their memory (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: 3_600_000 },
  async (backend) => {
    const { outcome, problems } = await openPage<Outcome>('flat-memory', { query: `?backend=${backend}&steps=2000` });
    expect(problems).toEqual([]);
    expect(outcome.memory).toHaveLength(4);
    const [{ backend: early, ...held }, ...later] = outcome.memory as [Memory, ...Memory[]];
    for (const { backend: now, ...rest } of later) {
      expect(rest).toEqual(held);
      expect([now.liveBytes, now.liveStorages]).toEqual([early.liveBytes, early.liveStorages]);
      // What is kept for reuse depends on how far the host ran ahead of the device: at most three steps, each of which takes as much.
      expect(now.pooledBytes).toBeLessThan(3 * early.pooledBytes);
    }
    expect(outcome.last).toBeLessThan(outcome.first / 4);
  },
);

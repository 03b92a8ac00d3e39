// WebGL and WebGPU conform in a real browser, on a software rasteriser.

import type { ConformanceReport } from '@sinapse/backend-testkit/conformance';
import { kernelDefinitions } from '@sinapse/core';
import { expect, test } from 'vitest';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

test.skipIf(chromium === undefined).each([
  // The suite with all shapes runs on WebGPU in Node, in the package itself.
  { backend: 'webgl', engine: 'WebGL2', query: full ? '&tier=full' : '&cases=1' },
  { backend: 'webgpu', engine: 'WebGPU', query: full ? '&cases=8' : '&cases=1&sections=kernels,behaviour' },
])(
  '$backend conforms in Chromium (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: full ? 3_600_000 : 240_000 },
  async ({ backend, engine, query }) => {
    const { outcome, problems } = await openPage<ConformanceReport>('conformance-gpu', { query: `?backend=${backend}${query}` });
    const { info, checks, kernels, passed } = outcome;
    expect(problems).toEqual([]);
    expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(info.engine).toBe(engine);
    expect(checks.length).toBeGreaterThan(50);
    expect(kernels.map(({ kernel }) => kernel).sort()).toEqual(Object.keys(kernelDefinitions).sort());
    expect(passed).toBe(true);
  },
);

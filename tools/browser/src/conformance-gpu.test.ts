// The conformance suite on WebGL: on few cases, because each new shape may compile a shader; on more in the full tier.

import type { ConformanceReport } from '@sinapse/backend-testkit/conformance';
import { kernelDefinitions } from '@sinapse/core';
import { expect, test } from 'vitest';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

test.skipIf(chromium === undefined)(
  'WebGL conforms in Chromium (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: full ? 1_200_000 : 240_000 },
  async () => {
    const { outcome, problems } = await openPage<ConformanceReport>('conformance-webgl', { query: full ? '' : '?cases=4' });
    const { info, checks, kernels, passed } = outcome;
    expect(problems).toEqual([]);
    expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(info.engine).toBe('WebGL2');
    expect(checks.length).toBeGreaterThan(150);
    expect(kernels.map(({ kernel }) => kernel).sort()).toEqual(Object.keys(kernelDefinitions).sort());
    expect(passed).toBe(true);
  },
);

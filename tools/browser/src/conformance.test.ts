// The conformance suite runs in a browser too, without vitest, on few cases.

import type { ConformanceReport } from '@sinapse/backend-testkit/conformance';
import { kernelDefinitions } from '@sinapse/core';
import { expect, test } from 'vitest';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

test.skipIf(chromium === undefined)(
  'the CPU backend conforms in Chromium (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: 120_000 },
  async () => {
    const { outcome, problems, warnings } = await openPage<ConformanceReport[]>('conformance');
    expect(problems).toEqual([]);
    expect(warnings.filter((warning) => /externalized/.test(warning))).toEqual([]); // a warning would mean that vitest or a module of Node is in the bundle
    expect(outcome.map(({ info }) => info.engine)).toEqual(['TypeScript', expect.stringMatching(/^wasm /)]);
    for (const { checks, kernels, passed } of outcome) {
      expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(checks.length).toBeGreaterThan(150);
      expect(kernels.map(({ kernel }) => kernel).sort()).toEqual(Object.keys(kernelDefinitions).sort());
      expect(passed).toBe(true);
    }
  },
);

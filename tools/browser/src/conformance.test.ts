// The conformance suite runs where the backends do, in a browser: without vitest, on few cases.

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
    expect(warnings.filter((warning) => /externalized/.test(warning))).toEqual([]); // vitest, or a module of Node, in a bundle for browsers
    expect(outcome.map(({ info }) => info.engine)).toEqual(['TypeScript', expect.stringMatching(/^wasm /)]);
    for (const { checks, kernels, passed } of outcome) {
      expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(checks.length).toBeGreaterThan(150);
      expect(kernels.map(({ kernel }) => kernel).sort()).toEqual(Object.keys(kernelDefinitions).sort());
      expect(passed).toBe(true);
    }
  },
);

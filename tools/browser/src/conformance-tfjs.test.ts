// The conformance suite on tfjs's WebGL backend. Each new shape compiles shaders: some kernels here, on few cases; everything in the full tier.

import { kernelDefinitions } from '@sinapse/core';
import { expect, test } from 'vitest';
import type { Outcome } from '../pages/conformance-tfjs/main.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

/** Kernels that call tfjs in different ways. */
const SOME = ['unary', 'gather', 'elementwise', 'linear', 'conv2d', 'maxPool2dGrad'];

test.skipIf(chromium === undefined)(
  'tfjs’s WebGL backend conforms in Chromium, and says when its context is lost (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: full ? 3_000_000 : 300_000 },
  async () => {
    const query = full ? '?cases=12' : `?cases=3&only=${SOME.join()}`;
    const { outcome, problems } = await openPage<Outcome>('conformance-tfjs', { query });
    const { info, checks, kernels, passed } = outcome.report;
    expect(problems.filter((problem) => !problem.includes('CONTEXT_LOST_WEBGL'))).toEqual([]);
    expect(outcome.whyNot).toBeUndefined();
    expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(info.engine).toMatch(/^tfjs .* webgl$/);
    expect(kernels.map(({ kernel }) => kernel).sort()).toEqual((full ? Object.keys(kernelDefinitions) : SOME).sort());
    expect(passed).toBe(true);
    expect(outcome.closed).toEqual({ read: [2, 3, 4], lost: false });
    for (const error of outcome.lost)
      expect(error).toMatch(/^BackendLostError: tfjs-webgl: the browser took the WebGL context away .*; make a new backend/);
  },
);

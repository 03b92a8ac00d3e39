// A training on WebGL goes on after the loss of its context, and keeps its memory flat.

import { expect, test } from 'vitest';
import type { Outcome } from '../pages/training-webgl/main.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const steps = process.env['SINAPSE_TEST_TIER'] === 'full' ? 20 : 8;

test.skipIf(chromium === undefined)(
  'trains LeNet-5 on WebGL through the loss of its context (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: 240_000 },
  async () => {
    const { outcome, problems } = await openPage<Outcome>('training-webgl', { query: `?steps=${steps}` });
    const { losses, interrupted, memory, errors } = outcome;
    expect(problems.filter((problem) => !problem.includes('CONTEXT_LOST_WEBGL'))).toEqual([]);
    expect(outcome.whyNot).toBeUndefined();

    expect(interrupted.error).toMatch(/^BackendLostError: webgl: the browser took the WebGL context away .*; make a new backend/);
    expect(losses).toHaveLength(steps);
    expect(interrupted.from).toBeGreaterThan(0);
    expect(interrupted.losses).toEqual(losses.slice(interrupted.from));

    expect(memory).toHaveLength(3);
    expect(memory[1]).toEqual(memory[0]);
    expect(memory[2]).toEqual(memory[0]);

    expect(errors).toEqual({
      outOfMemory: expect.stringMatching(/^OutOfMemoryError: .*float32 tensor \[1024,1024\] on webgl.*the limit is 1,048,576/),
      stillThere: 'no error',
      afterClose: 'BackendError: the backend is closed',
      tooLarge: expect.stringMatching(/^OutOfMemoryError: .*\[1048576,1024\] on webgl.*the limit is/),
      shader: expect.stringMatching(/^BackendError: webgl: the shader of unary does not compile on this device: ERROR/),
    });
  },
);

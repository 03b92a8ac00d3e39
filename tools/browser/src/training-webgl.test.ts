// WebGL trains LeNet-5 as the reference backend does in float64, goes on after the loss of its context, and keeps its memory flat.

import { reference } from '@sinapse/backend-reference';
import { use } from '@sinapse/core';
import { expect, test } from 'vitest';
import type { Outcome } from '../pages/training-webgl/main.ts';
import { STEPS, train } from '../pages/training-webgl/program.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
const distance = (a: readonly number[], b: readonly number[]): number => largest(a.map((value, i) => value - b[i]!));

test.skipIf(chromium === undefined)(
  'trains LeNet-5 on WebGL like the reference (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: 240_000 },
  async () => {
    use(reference({ precision: 'float64' }));
    const expected = await train();
    const { outcome, problems } = await openPage<Outcome>('training-webgl');
    const { trained, interrupted, memory, errors } = outcome;
    expect(problems.filter((problem) => !problem.includes('CONTEXT_LOST_WEBGL'))).toEqual([]);
    expect(outcome.whyNot).toBeUndefined();

    expect(trained.losses).toHaveLength(STEPS);
    expect(distance(trained.losses.slice(0, 1), expected.losses)).toBeLessThan(1e-6);
    expect(distance(trained.losses, expected.losses)).toBeLessThan(1e-2);
    expect(trained.gradients).toHaveLength(10);
    trained.gradients.forEach((gradient, k) => expect(distance(gradient, expected.gradients[k]!)).toBeLessThan(1e-5));

    expect(interrupted.error).toMatch(/^BackendLostError: webgl: the browser took the WebGL context away .*; make a new backend/);
    expect(interrupted.from).toBeGreaterThan(0);
    expect(interrupted.losses).toEqual(trained.losses.slice(interrupted.from));

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

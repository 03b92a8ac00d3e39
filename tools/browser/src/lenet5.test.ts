// The same program gives the same bits in a browser as in Node.

import { describe, expect, test } from 'vitest';
import { engines, entries, train } from '../pages/lenet5/program.ts';
import type { Trained } from '../pages/lenet5/program.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

interface Outcome {
  readonly entries: typeof entries;
  readonly isolated: boolean;
  readonly trained: readonly Trained[];
}

/** The results in Node, computed one after the other, because only one backend is in use at a time. */
const expected: Trained[] = [];
for (const options of engines) expected.push(await train(options));

describe.each([
  ['a plain page', false],
  ['a cross-origin isolated page', true],
])('%s in Chromium', (_, isolated) => {
  test.skipIf(chromium === undefined)(
    'loads every package and trains LeNet-5 to the bits of Node on every engine (needs Chromium: install it, or set CHROMIUM_PATH)',
    { timeout: 120_000 },
    async () => {
      const { outcome, problems, warnings } = await openPage<Outcome>('lenet5', { isolated });
      expect(problems).toEqual([]);
      expect(warnings.filter((warning) => /externalized/.test(warning))).toEqual([]); // a warning would mean that a module of Node is in the bundle
      expect(outcome.isolated).toBe(isolated);
      expect(outcome.entries).toEqual(entries);
      expect(outcome.trained).toEqual(isolated ? expected : expected.slice(0, 2));
    },
  );
});

test('what is compared are trainings that learn, one for each engine', () => {
  expect(expected.map(({ engine, threads }) => `${engine}, ${threads}`)).toEqual([
    'TypeScript, 1',
    'wasm simd128, 1',
    'wasm relaxed-simd, 2',
  ]);
  for (const { losses, accuracy } of expected) {
    expect(losses).toHaveLength(20);
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8);
    expect(accuracy).toBeGreaterThan(0.3);
  }
});

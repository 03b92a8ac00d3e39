// The packages are for browsers as much as for Node: the same program gives the same bits in both.

import { describe, expect, test } from 'vitest';
import { entries, train } from '../pages/lenet5/program.ts';
import type { Trained } from '../pages/lenet5/program.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

interface Outcome {
  readonly entries: typeof entries;
  readonly isolated: boolean;
  readonly trained: Trained;
}

describe.each([
  ['a plain page', false],
  ['a cross-origin isolated page', true],
])('%s in Chromium', (_, isolated) => {
  test.skipIf(chromium === undefined)(
    'loads every package and trains LeNet-5 to the bits of Node (needs Chromium: install it, or set CHROMIUM_PATH)',
    { timeout: 120_000 },
    async () => {
      const { outcome, problems, warnings } = await openPage<Outcome>('lenet5', { isolated });
      expect(problems).toEqual([]);
      expect(warnings.filter((warning) => /externalized/.test(warning))).toEqual([]); // a module of Node in a bundle for browsers
      expect(outcome.isolated).toBe(isolated);
      expect(outcome.entries).toEqual(entries);
      expect(outcome.trained).toEqual(await train());
    },
  );
});

test('what is compared is a training that learns', async () => {
  const { losses, accuracy } = await train();
  expect(losses).toHaveLength(20);
  expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8);
  expect(accuracy).toBeGreaterThan(0.3);
});

// The garbage collector of a browser hears of the tensors that only it releases.

import { expect, test } from 'vitest';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

test.skipIf(chromium === undefined)(
  'a loop that makes 3 GiB of tensors outside scopes never holds 1.5 GiB in Chromium (needs Chromium: install it, or set CHROMIUM_PATH)',
  { timeout: 120_000 },
  async () => {
    const { outcome, problems } = await openPage<{ readonly peak: number; readonly threads: number }>('collector', { isolated: true });
    expect(problems).toEqual([]);
    expect(outcome.threads).toBe(2);
    expect(outcome.peak).toBeLessThan(1.5 * 2 ** 30);
  },
);

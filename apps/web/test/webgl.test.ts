// Training on WebGL, by a software rasteriser where there is no graphics card.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from './open-site.ts';
import { chromium, closePages, needsChromium, openPage, openSite } from './open-site.ts';
import { accuracyOf, eventually, stateOf } from './visitor.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

describe.skipIf(chromium === undefined)(`on WebGL ${needsChromium}`, () => {
  let site: Site;
  beforeAll(async () => void (full && (site = await openSite())));
  afterEach(() => closePages(site));
  afterAll(() => site?.close());

  test.skipIf(!full)(
    'the loss of LeNet-5 on digits falls (needs the full tier; in the first, failures.test.ts trains on WebGL)',
    async () => {
      const { page, problems } = await openPage(site, { hash: '#/train?backend=webgl&run=stopped' });
      await page.locator('header .menu b', { hasText: 'WebGL' }).waitFor();
      await stateOf(page, 'ready').waitFor();
      await page.getByRole('button', { name: 'Play' }).click();
      const curve = page.locator('.curves [role=img]').first();
      const loss = async () => Number(/after step (\d+) it is ([\d.]+)/.exec((await curve.getAttribute('aria-label'))!)?.[2]);
      await eventually(loss, 20).toBeGreaterThan(1.5);
      await eventually(loss).toBeLessThan(1);
      expect(problems).toEqual([]);
    },
  );

  test.skipIf(!full)('LeNet-5 reads 90 % of the digits (needs the full tier)', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?backend=webgl&epochs=2' });
    await stateOf(page, 'done').waitFor();
    expect(await page.locator('header .menu b').innerText()).toContain('WebGL');
    expect(await accuracyOf(page)).toBeGreaterThan(90);
    expect(problems).toEqual([]);
  });
});

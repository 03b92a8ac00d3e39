// The laboratory in a real browser, as a visitor uses it.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel } from '@sinapse/training';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from './open-site.ts';
import { chromium, needsChromium, openPage, openSite } from './open-site.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The accuracy that the page shows, in percent. */
const accuracyOf = async (page: Page): Promise<number> => parseFloat(await page.getByTestId('accuracy').innerText());

const stateOf = (page: Page, state: string) => page.locator(`.status[data-state=${state}]`);

/** Draws lines within the drawing area; coordinates are shares of its side. */
async function draw(page: Page, ...points: readonly (readonly [number, number])[]): Promise<void> {
  const box = (await page.locator('canvas.drawing').boundingBox())!;
  const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 8 });
  await page.mouse.up();
}

/** What axe finds that keeps people out. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run();
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(chromium === undefined)(`the laboratory ${needsChromium}`, () => {
  let site: Site;
  let folder = '';
  beforeAll(async () => {
    site = await openSite();
    folder = await mkdtemp(join(tmpdir(), 'sinapse-web-files-'));
  });
  afterAll(async () => {
    await site?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('trains LeNet-5 on digits to 90 % on the processor, with threads; draws a seven; saves and opens the model', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?epochs=2' });
    await stateOf(page, 'done').waitFor({ timeout: 120_000 });
    const accuracy = await accuracyOf(page);
    expect(accuracy).toBeGreaterThan(90);
    expect(await page.locator('.confusion td').allInnerTexts()).toHaveLength(100);
    await page.getByText('Computes with').click();
    await expect.poll(() => page.locator('.menu .panel').first().innerText()).toMatch(/wasm .*threads?[^]*WebGL/);

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the model' }).click();
    const file = join(folder, 'model.safetensors');
    await (await downloading).saveAs(file);
    const { card } = decodeModel(await readFile(file));
    expect(card).toMatchObject({
      architecture: { layer: 'lenet5' },
      inputShape: [28, 28, 1],
      labels: '0123456789'.split(''),
      trainedOn: 'digits',
    });

    await page.getByRole('link', { name: 'Draw' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await draw(page, [0.3, 0.22], [0.7, 0.22], [0.45, 0.82]);
    await expect.poll(() => page.locator('.result .reading').innerText()).toMatch(/^Reads 7/);
    expect(await page.locator('.maps').count()).toBeGreaterThanOrEqual(7);

    const { page: other } = await openPage(site, { hash: '#/train?data=digits&epochs=1&speed=slow' });
    await other.locator('.samples').waitFor();
    await other.locator('input[type=file]').setInputFiles(file);
    await expect.poll(() => other.locator('select[name=net]').inputValue(), { timeout: 20_000 }).toBe('file');
    await expect.poll(() => accuracyOf(other), { timeout: 20_000 }).toBe(accuracy);
    expect(problems).toEqual([]);
  });

  test('a dropped garbage file gives a message, and the training goes on', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?data=xor' });
    const file = join(folder, 'garbage.bin');
    await writeFile(file, 'this is neither images nor a model');
    await page.locator('canvas.plane').waitFor();
    await page.locator('input[type=file]').setInputFiles(file);
    const message = page.locator('.data .problem');
    await message.waitFor();
    expect(await message.innerText()).toMatch(/^These files were not taken: .{10}/);
    await stateOf(page, 'done').waitFor({ timeout: 120_000 });
    expect(problems).toEqual([]);
  });

  test('switches language and theme, and remembers both', async () => {
    const { page } = await openPage(site, { hash: '#/convolution', language: 'pt' });
    await page.getByRole('heading', { level: 1, name: 'Convolução' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('pt');
    await page.getByLabel('Idioma').selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Convolution' }).waitFor();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Convolution' }).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  test('keeps the settings in the address, and a link can fix controls', async () => {
    const { page } = await openPage(site, { hash: '#/train?data=xor&seed=3&lock=seed' });
    await page.locator('canvas.plane').waitFor();
    expect(await page.getByLabel('Seed').inputValue()).toBe('3');
    expect(await page.getByLabel('Seed').isDisabled()).toBe(true);
    await page.getByLabel('Learning rate').fill('0.05');
    await page.getByLabel('Learning rate').press('Enter');
    await expect.poll(() => page.url()).toContain('lr=0.05');
    expect(page.url()).toMatch(/data=xor.*seed=3.*lock=seed/);
  });

  test('shows each sum of a convolution, to a mouse and to a keyboard', async () => {
    const { page, problems } = await openPage(site, { hash: '#/convolution?example=channels' });
    const output = page.locator('.both .chosen canvas');
    await output.press('ArrowDown');
    const place = async () => (await output.getAttribute('aria-label'))!;
    expect(await place()).toContain('True convolution: at row 2');
    await output.click({ position: { x: 5, y: 5 } });
    expect(await place()).toContain('at row 1, column 1 it is 0');
    expect(await page.locator('.sum').innerText()).toMatch(/= 0$/);
    await output.press('ArrowRight');
    expect(await place()).toContain('at row 1, column 2 it is 34');
    expect(problems).toEqual([]);
  });

  test.each(['train', 'draw', 'convolution'])(
    'axe finds nothing serious on %s in both themes, and nothing is wider than a phone',
    async (name) => {
      const { page, problems } = await openPage(site, { hash: `#/${name}`, language: 'pt', width: 360, height: 740 });
      await page.locator('.menu b', { hasText: 'Processador' }).waitFor();
      if (name === 'train') await page.locator('.confusion').waitFor();
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect(await barriers(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
      await page.getByRole('button', { name: 'Tema escuro' }).click();
      expect(await barriers(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
  );
});

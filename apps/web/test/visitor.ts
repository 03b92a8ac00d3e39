// What a visitor does and sees on the pages of the laboratory.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page, Worker } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE } from './open-site.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Expects something to come true sooner or later, on a busy machine, too. */
export const eventually = <T>(get: () => T, interval = 50): ReturnType<typeof expect.poll<T>> =>
  expect.poll(get, { timeout: PATIENCE, interval });

/** The accuracy that the page shows, in percent. */
export const accuracyOf = async (page: Page): Promise<number> => parseFloat(await page.getByTestId('accuracy').innerText());

/** The line that says how far the training is, once it is in a state. */
export const stateOf = (page: Page, state: string) => page.locator(`.status[data-state=${state}]`);

/** Draws lines within the drawing area; coordinates are shares of its side. */
export async function draw(page: Page, ...points: readonly (readonly [number, number])[]): Promise<void> {
  const box = (await page.locator('canvas.drawing').boundingBox())!;
  const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 8 });
  await page.mouse.up();
}

/** Drops a file of some text onto a place. */
export async function drop(page: Page, place: string, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, words]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([words!], fileName!));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent(place, 'drop', { dataTransfer });
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds that keeps people out. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run();
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

/** The worker in which everything is computed; those of the threads are others. */
export async function laboratoryOf(page: Page): Promise<Worker> {
  for (const worker of page.workers()) if ((await worker.evaluate(() => self.name)) === 'laboratory') return worker;
  throw new Error('the page has no worker named laboratory');
}

/** Chooses a backend in the menu. */
export async function choose(page: Page, backend: string): Promise<void> {
  await page.getByText('Computes with').click();
  await page.locator('.choices').getByRole('button', { name: backend }).click();
  await page.locator('header .menu b', { hasText: backend }).waitFor();
  await page.keyboard.press('Escape');
}

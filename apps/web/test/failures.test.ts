// What goes wrong around the laboratory, and what the visitor reads then: lost and broken graphics, hidden and second tabs, files that are none.

import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from './open-site.ts';
import { chromium, closePages, needsChromium, openPage, openSite } from './open-site.ts';
import { barriers, choose, drop, eventually, laboratoryOf, stateOf } from './visitor.ts';

/** What the tests keep in the worker. */
interface Kept {
  contexts: (WebGL2RenderingContext | null)[];
}

describe.skipIf(chromium === undefined)(`what goes wrong ${needsChromium}`, () => {
  let site: Site;
  let folder = '';
  beforeAll(async () => {
    site = await openSite();
    folder = await mkdtemp(join(tmpdir(), 'sinapse-web-files-'));
  });
  afterEach(() => closePages(site));
  afterAll(async () => {
    await site?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a lost WebGL context: the training goes on from its last checkpoint on the processor, and the page says so', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?data=xor&epochs=6&run=stopped' });
    await stateOf(page, 'ready').waitFor();
    await (
      await laboratoryOf(page)
    ).evaluate(() => {
      const kept = globalThis as unknown as Kept;
      kept.contexts = [];
      const { prototype } = OffscreenCanvas as unknown as { prototype: { getContext: (kind: string) => unknown } };
      prototype.getContext = new Proxy(prototype.getContext, {
        apply(get, canvas, given) {
          const context = Reflect.apply(get, canvas, given) as WebGL2RenderingContext | null;
          kept.contexts.push(context);
          return context;
        },
      });
    });
    await choose(page, 'Graphics card (WebGL)');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.locator('.confusion').waitFor();
    await (
      await laboratoryOf(page)
    ).evaluate(() => (globalThis as unknown as Kept).contexts.forEach((gl) => gl?.getExtension('WEBGL_lose_context')?.loseContext()));
    const notice = page.locator('.notice [data-kind=deviceLost]');
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(/took the graphics card away[^]*WebGL[^]*the processor goes on/);
    await page.locator('header .menu b', { hasText: 'Processor' }).waitFor();
    await stateOf(page, 'done').waitFor();
    expect(await page.locator('.status').first().innerText()).toContain('epoch 6 of 6 · step 78');
    await notice.getByRole('button', { name: 'Understood' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });

  test('a shader that does not compile: said so, and the processor takes over', async () => {
    const { page } = await openPage(site, { hash: '#/train?data=xor&epochs=2&run=stopped' });
    await stateOf(page, 'ready').waitFor();
    await (
      await laboratoryOf(page)
    ).evaluate(() => {
      type Get = (program: object, name: number) => unknown;
      const { prototype, LINK_STATUS } = WebGL2RenderingContext as unknown as {
        prototype: { getProgramParameter: Get };
        LINK_STATUS: number;
      };
      prototype.getProgramParameter = new Proxy(prototype.getProgramParameter, {
        apply: (get, gl, given) => given[1] !== LINK_STATUS && (Reflect.apply(get, gl, given) as unknown),
      });
    });
    await choose(page, 'Graphics card (WebGL)');
    await page.getByRole('button', { name: 'Play' }).click();
    const failure = page.locator('.result [data-kind=shader]');
    await failure.waitFor();
    expect(await failure.innerText()).toMatch(/does not compile a part of this network/);
    await failure.getByText('The message behind it').click();
    expect(await failure.locator('[lang=en]').innerText()).toMatch(/webgl: the shader of \w+ does not compile/);
    expect(await barriers(page)).toEqual([]);
    await failure.getByRole('button', { name: 'on the processor' }).click();
    await page.locator('header .menu b', { hasText: 'Processor' }).waitFor();
    await stateOf(page, 'done').waitFor();
  });

  test('a backend that does not start: the one before goes on', async () => {
    const { page } = await openPage(site, { hash: '#/convolution?backend=native' });
    await page.locator('header .menu b', { hasText: 'Processor' }).waitFor();
    await page.getByText('Computes with').click();
    expect(await page.locator('[data-kind=backendDoesNotStart]').innerText()).toContain('does not start');
  });

  test('a hidden tab: the training goes on, and the page says so', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?data=xor&speed=medium' });
    await eventually(() => page.locator('.status').first().innerText()).toMatch(/step [1-9]/);
    const turn = (visibility: string) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, visibility);
    await turn('hidden');
    await eventually(() => page.title()).toMatch(/^(training|\d.*%) · Train · Sinapse$/);
    const hidden = await page.locator('.status').first().innerText();
    await eventually(() => page.locator('.status').first().innerText()).not.toBe(hidden);
    await turn('visible');
    await eventually(() => page.locator('.result .note').innerText()).toMatch(/the training went on: from step \d+ to \d+/);
    expect(problems).toEqual([]);
  });

  test('a second tab: both say that they share the computer, until one is closed', async () => {
    const { page } = await openPage(site, { hash: '#/convolution', language: 'pt' });
    const notice = page.getByText('também está aberto em outra aba');
    await page.locator('header .menu b', { hasText: 'Processador' }).waitFor();
    expect(await notice.count()).toBe(0);
    const second = await page.context().newPage();
    await second.goto(`${site.address}#/convolution`);
    await notice.waitFor();
    await second.getByText('também está aberto em outra aba').waitFor();
    await second.close({ runBeforeUnload: true });
    await notice.waitFor({ state: 'detached' });
  });

  test('files that are none: each is named, with the reason, in the language chosen, and the training goes on', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?data=xor', language: 'pt' });
    await page.locator('canvas.plane').waitFor();
    const message = page.locator('.data .problem > p');
    await drop(page, '.drop', 'notas.txt', 'isto não é nem imagem nem modelo');
    await eventually(() => message.innerText()).toMatch(/^notas\.txt não contém imagens nem rótulos .* nem um modelo/);

    const file = async (name: string, contents: Uint8Array | string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, contents);
      return path;
    };
    const input = page.locator('input[type=file]');
    await input.setInputFiles(await file('vazio.safetensors', ''));
    await eventually(() => message.innerText()).toBe('vazio.safetensors está vazio.');
    await input.setInputFiles(await file('sete.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])));
    await eventually(() => message.innerText()).toMatch(/^sete\.png é uma figura\..*“Desenhar”/);
    const huge = join(folder, 'enorme.bin');
    const handle = await open(huge, 'w');
    await handle.truncate(600 * 2 ** 20); // without contents: it takes no room
    await handle.close();
    await input.setInputFiles(huge);
    await eventually(() => message.innerText()).toBe('enorme.bin é grande demais: 600 MB. São lidos no máximo 512 MB.');
    await page.getByLabel('Idioma').selectOption('en');
    await eventually(() => message.innerText()).toBe('enorme.bin is too large: 600 MB. At most 512 MB are read.');
    await stateOf(page, 'done').waitFor();
    expect(problems).toEqual([]);
  });

  test('an error of the worker outside a call: the page offers to load itself again', async () => {
    const { page } = await openPage(site, { hash: '#/convolution' });
    await page.locator('header .menu b', { hasText: 'Processor' }).waitFor();
    await (await laboratoryOf(page)).evaluate(() => void Promise.reject(new Error('a mistake')));
    const failure = page.locator('[data-kind=workerFailed]');
    await failure.waitFor();
    await failure.getByRole('button', { name: 'Load the page again' }).click();
    await page.locator('.both canvas').first().waitFor();
    await failure.waitFor({ state: 'detached' });
  });
});

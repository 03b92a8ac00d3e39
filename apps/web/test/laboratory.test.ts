// The laboratory in a real browser, as a visitor uses it.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeModel } from '@sinapse/training';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from './open-site.ts';
import { chromium, closePages, needsChromium, openPage, openSite } from './open-site.ts';
import { accuracyOf, barriers, draw, eventually, stateOf } from './visitor.ts';

/** Runs the command line, and gives the JSON objects that it prints. */
async function sinapse(...words: readonly string[]): Promise<Record<string, unknown>[]> {
  const program = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, '--json']);
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
}

describe.skipIf(chromium === undefined)(`the laboratory ${needsChromium}`, () => {
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

  test('trains LeNet-5 on digits to 90 % on the processor, with threads; draws a seven; saves a model for page and command line', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?epochs=2' });
    await stateOf(page, 'done').waitFor();
    const accuracy = await accuracyOf(page);
    expect(accuracy).toBeGreaterThan(90);
    expect(await page.locator('.confusion td').allInnerTexts()).toHaveLength(100);
    await page.getByText('Computes with').click();
    await eventually(() => page.locator('.menu .panel').first().innerText()).toMatch(/wasm .*threads?[^]*WebGL/);

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
    const [evaluated] = await sinapse('evaluate', file, '--dataset', 'digits', '--test-limit', '500');
    expect(evaluated).toMatchObject({ event: 'evaluated', examples: 500 });
    expect(evaluated!['accuracy']).toBeGreaterThan(0.88);

    await page.getByRole('link', { name: 'Draw' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await draw(page, [0.3, 0.22], [0.7, 0.22], [0.45, 0.82]);
    await eventually(() => page.locator('.result .reading').innerText()).toMatch(/^Reads 7/);
    expect(await page.locator('.maps').count()).toBeGreaterThanOrEqual(7);

    const { page: other } = await openPage(site, { hash: '#/train?epochs=1&speed=slow' });
    await stateOf(other, 'running').waitFor();
    await eventually(() => other.locator('.status').first().innerText()).toMatch(/step \d/);
    await other.locator('input[type=file]').setInputFiles(file);
    await eventually(() => other.locator('select[name=net]').inputValue()).toBe('file');
    await eventually(() => accuracyOf(other)).toBe(accuracy);
    await other.getByRole('button', { name: 'Undo' }).click();
    await stateOf(other, 'stopped').waitFor();
    expect(await other.locator('select[name=net]').inputValue()).toBe('lenet5');
    expect(await other.getByTestId('accuracy').innerText()).toBe('–');
    expect(problems).toEqual([]);
  });

  test('opens a model that the command line has trained', async () => {
    const run = join(folder, 'run');
    await sinapse('train', '--quick-start', '--train-limit', '1500', '--test-limit', '200', '--out', run);
    const { page, problems } = await openPage(site, { hash: '#/train?run=stopped' });
    await stateOf(page, 'ready').waitFor();
    await page.locator('input[type=file]').setInputFiles(join(run, 'model.safetensors'));
    await eventually(() => page.locator('select[name=net]').inputValue()).toBe('file');
    await eventually(() => accuracyOf(page)).toBeGreaterThan(80);
    expect(problems).toEqual([]);
  });

  test('stops, keeps that in the address, and starts over with the last curves faint until the first step', async () => {
    const { page, problems } = await openPage(site, { hash: '#/train?data=xor&speed=medium' });
    await eventually(() => page.locator('.status').first().innerText()).toMatch(/step [1-9]/);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateOf(page, 'stopped').waitFor();
    expect(await accuracyOf(page)).toBeGreaterThan(0);
    expect(page.url()).toMatch(/data=xor.*run=stopped/);
    expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Log scale' }).click();
    await page.getByLabel('Smoothing').selectOption('0.9');
    expect(page.url()).toMatch(/scale=log&smooth=0\.9/);
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.locator('.key.faint', { hasText: 'last time' }).waitFor();
    await stateOf(page, 'ready').waitFor();
    await page.getByRole('button', { name: 'One step' }).click();
    await page.locator('.key.faint', { hasText: 'last time' }).waitFor({ state: 'detached' });
    expect(page.url()).toContain('run=paused');
    await page.reload();
    await stateOf(page, 'ready').waitFor();
    expect(await page.getByLabel('Smoothing').inputValue()).toBe('0.9');
    expect(problems).toEqual([]);
  });

  test('a training that diverges says so, and begins again with another learning rate', async () => {
    const { page, problems } = await openPage(site, {
      hash: '#/train?data=xor&opt=sgd&lr=100&epochs=60&layers=dense.64.relu-dense.64.relu',
    });
    await page.locator('.result [data-kind=diverged]').waitFor();
    await page.locator('li.done', { hasText: 'diverge' }).waitFor();
    await page.getByLabel('Learning rate').fill('0.1');
    await page.keyboard.press('Enter');
    await stateOf(page, 'done').waitFor();
    expect(await page.locator('.problem').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('lists every backend, usable or why not, in both languages', async () => {
    const { page } = await openPage(site, { hash: '#/convolution' });
    await page.getByText('Computes with').click();
    const list = page.locator('.choices');
    await list.getByText('plain TypeScript').waitFor();
    const english = await list.locator('li').allInnerTexts();
    expect(english).toHaveLength(6);
    expect(english[0]).toMatch(/Processor[^]*WebAssembly/);
    expect(english[5]).toMatch(/native[^]*Not in browsers[^]*npm start/);
    await page.keyboard.press('Escape');
    await page.getByLabel('Language').selectOption('pt');
    await page.getByText('Calcula com').click();
    const portuguese = await list.locator('li').allInnerTexts();
    expect(portuguese.filter((text, i) => text === english[i])).toEqual([]);
    for (const name of ['TensorFlow.js', 'Referência']) {
      await list.getByRole('button', { name }).click();
      await page.locator('header .menu b', { hasText: name }).waitFor();
      await page.locator('.both canvas').first().waitFor();
      expect(await page.locator('.problem').count()).toBe(0);
      expect(page.url()).toMatch(/backend=(tfjsWebgl|reference)$/);
    }
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

  test('keeps the settings in the address; a link can fix controls, and one followed in the page counts', async () => {
    const { page } = await openPage(site, { hash: '#/train?data=xor&seed=3&lock=seed' });
    await page.locator('canvas.plane').waitFor();
    expect(await page.getByLabel('Seed').inputValue()).toBe('3');
    expect(await page.getByLabel('Seed').isDisabled()).toBe(true);
    await page.getByLabel('Learning rate').fill('0.05');
    await page.getByLabel('Learning rate').press('Enter');
    await eventually(() => page.url()).toContain('lr=0.05');
    expect(page.url()).toMatch(/data=xor.*seed=3.*lock=seed/);
    await page.evaluate(() => void (location.hash = '#/train?data=spirals&seed=8&run=paused'));
    await eventually(() => page.getByLabel('Seed').inputValue()).toBe('8');
    expect(await page.locator('select[name=data]').inputValue()).toBe('spirals');
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

  test('a neuron learns a gate, and points that are set by mouse and keyboard', async () => {
    const { page, problems } = await openPage(site, { hash: '#/neuron' });
    await page.getByLabel('Speed').selectOption('full');
    const says = () => page.getByTestId('wrong').innerText();
    await eventually(says).toBe('All examples are right.');
    await page.getByText('A whole pass without a mistake').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    const plane = page.locator('canvas.plane');
    await plane.click({ position: { x: 200, y: 60 } });
    await page.getByLabel('A click adds').selectOption('0');
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowDown', 'Enter']) await plane.press(key);
    expect(await page.locator('select[name=data]').inputValue()).toBe('own');
    expect(await plane.getAttribute('aria-label')).toMatch(/^2 points/);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('A whole pass without a mistake').waitFor();
    await page.locator('input[name=w]').first().fill('-3');
    await eventually(says).toBe('1 of 2 wrong');
    expect(problems).toEqual([]);
  });

  test('shows a function and its slope at a place, and what softmax makes of scores', async () => {
    const { page, problems } = await openPage(site, { hash: '#/functions?f=sigmoid&x=0' });
    await eventually(() => page.getByTestId('sigmoid').innerText()).toMatch(/sigmoid of 0.00: 0.5000\s+its slope: 0.2500/);
    await page.locator('input[name=x]').fill('6');
    await eventually(() => page.getByTestId('sigmoid').innerText()).toMatch(/its slope: 0.0025/);
    expect(page.url()).toContain('x=6');
    await page.locator('li.done', { hasText: 'saturated' }).waitFor();
    const loss = async () => Number(await page.getByTestId('loss').innerText());
    const before = await loss();
    await page.locator('input[name=scores]').nth(1).fill('7');
    await eventually(loss).toBeGreaterThan(before + 3);
    expect(problems).toEqual([]);
  });

  test('lets optimizers walk down a surface, from where one points', async () => {
    const { page, problems } = await openPage(site, { hash: '#/descent?surface=bowl&lr=0.1' });
    await eventually(() => page.getByTestId('steps').innerText()).toMatch(/step [1-9]/);
    await page.getByRole('button', { name: 'Pause' }).click();
    const map = page.locator('canvas.surface');
    await map.click({ position: { x: 30, y: 30 } });
    await eventually(() => page.getByTestId('steps').innerText()).toBe('step 0 of 200');
    expect(page.url()).toMatch(/start=-1\.\d+_1\.\d+/);
    await map.press('ArrowRight');
    await page.getByLabel('Speed').selectOption('full');
    await page.getByRole('button', { name: 'Play' }).click();
    await eventually(() => page.getByTestId('sgd').innerText()).toMatch(/0\.000\s*$/);
    await page.getByLabel('Nesterov').check();
    await page.getByTestId('nesterov').waitFor();
    await page.getByLabel('Learning rate').fill('1.5');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('sgd').innerText()).toContain('lost');
    await page.locator('li.done', { hasText: 'diverge' }).waitFor();
    expect(problems).toEqual([]);
  });

  test.each(['train', 'draw', 'neuron', 'functions', 'descent', 'convolution'])(
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
      expect(await barriers(page)).toEqual([]); // of the last tab: all take their colours from one list
      expect(problems).toEqual([]);
    },
  );
});

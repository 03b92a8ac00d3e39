// Builds the laboratory once, serves it with the isolation headers, and opens it in Chromium.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium as browserType } from 'playwright-core';
import { build, preview } from 'vite';

const path = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';

/** Path of the browser; undefined if there is none. */
export const chromium: string | undefined = existsSync(path) ? path : undefined;

export const needsChromium = '(needs Chromium: install it, or set CHROMIUM_PATH)';

/** WebGL and WebGPU on a software rasteriser, which may take its time. */
const flags = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--disable-gpu-watchdog',
];

export interface Site {
  readonly address: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));

export async function openSite(): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), 'sinapse-web-'));
  const config = { root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' } as const;
  await build({ ...config, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...config, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const browser = await browserType.launch({ executablePath: chromium!, args: flags });
  return {
    address: server.resolvedUrls!.local[0]!,
    browser,
    close: async () => {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

/** Milliseconds after which what was waited for will not come: against what never ends, and nothing else. */
export const PATIENCE = process.env['SINAPSE_TEST_TIER'] === 'full' ? 1_800_000 : 240_000;

/** Closes all pages: a training in a page that nobody looks at any more slows the next ones down. */
export async function closePages({ browser }: Site): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

export interface OpenOptions {
  /** The part of the address after the site's. */
  readonly hash?: string;
  readonly language?: 'pt' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Pixels of a picture for each of the page. */
  readonly scale?: number;
}

/** Opens a page in a profile of its own. `problems` collects errors of its console, exceptions and missing files. */
export async function openPage(
  { address, browser }: Site,
  { hash = '', language = 'en', theme = 'light', width = 1280, height = 800, scale = 1 }: OpenOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const locale = language === 'pt' ? 'pt-BR' : 'en-GB';
  const context = await browser.newContext({
    locale,
    colorScheme: theme,
    viewport: { width, height },
    deviceScaleFactor: scale,
    acceptDownloads: true,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('response', (response) => void (response.status() < 400 || problems.push(`${response.url()}: ${response.status()}`)));
  await page.goto(`${address}${hash}`);
  return { page, problems };
}

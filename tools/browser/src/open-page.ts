// Opens a page of this package in a real browser: Vite bundles and serves it like a user's page, headless Chromium opens it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as browserType } from 'playwright-core';
import { build, createLogger, preview } from 'vite';
import { chromium } from './chromium.ts';

/** WebGL and WebGPU on a software rasteriser, which may take its time. */
const flags = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--disable-gpu-watchdog',
];

/** Headers that make a page cross-origin isolated, so that its threads may share memory. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export interface PageOptions {
  /** Whether the server sends the headers of cross-origin isolation. Default false. */
  readonly isolated?: boolean;
  /** What follows the page's address, as `?name=value`. */
  readonly query?: string;
  /** Texts that the server has beside the page, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Functions of this process that the page may call, by name. Each gives a promise there. */
  readonly functions?: Readonly<Record<string, () => unknown>>;
}

export interface OpenedPage<T> {
  /** The value that the page passed to `publish`. */
  readonly outcome: T;
  /** Other problems: errors in the console, uncaught exceptions, missing files. */
  readonly problems: readonly string[];
  /** Vite's warnings about the bundle. */
  readonly warnings: readonly string[];
}

/**
 * Opens a page and waits for its outcome.
 * @param name a folder of `pages/` with an `index.html`, whose script calls `publish`
 * @throws when the page cannot be bundled, or its outcome is an error
 */
export async function openPage<T>(
  name: string,
  { isolated = false, query = '', files = {}, functions = {} }: PageOptions = {},
): Promise<OpenedPage<T>> {
  const root = fileURLToPath(new URL(`../pages/${name}/`, import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'sinapse-page-'));
  try {
    const warnings = await bundle(root, outDir);
    for (const [file, text] of Object.entries(files)) await writeFile(join(outDir, file), text);
    const server = await preview({
      root,
      configFile: false,
      logLevel: 'error',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0, headers: isolated ? isolation : {} },
    });
    try {
      return { ...(await visit<T>(`${server.resolvedUrls!.local[0]!}${query}`, functions)), warnings };
    } finally {
      await server.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

async function bundle(root: string, outDir: string): Promise<string[]> {
  const warnings: string[] = [];
  const customLogger = createLogger('warn');
  customLogger.warn = customLogger.warnOnce = (message) => void warnings.push(message);
  await build({ root, configFile: false, customLogger, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  return warnings;
}

async function visit<T>(url: string, functions: Readonly<Record<string, () => unknown>>): Promise<{ outcome: T; problems: string[] }> {
  const browser = await browserType.launch({ executablePath: chromium!, args: flags });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('response', (response) => void (response.ok() || problems.push(`${response.url()}: ${response.status()}`)));
    for (const [name, run] of Object.entries(functions)) await page.exposeFunction(name, run);
    await page.goto(url);
    const outcome = await page.evaluate(() => {
      if (globalThis.outcome === undefined) throw new Error('the page did not run to publish(…)');
      return globalThis.outcome;
    });
    return { outcome: outcome as T, problems };
  } finally {
    await browser.close();
  }
}

// A user's project: a folder with the packages in node_modules, as npm installs them, and what its programs see when a browser opens it.

import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as browserType } from 'playwright-core';
import { chromium } from './chromium.ts';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

/** Makes a project with some files, by name. */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sinapse-project-'));
  for (const name of ['core', 'backend-reference', 'backend-cpu']) {
    const installed = join(root, 'node_modules/@sinapse', name);
    for (const part of ['package.json', 'dist', ...(name === 'backend-cpu' ? ['build/wasm'] : [])])
      await cp(join(packages, name, part), join(installed, part), { recursive: true });
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

export const removeProject = (root: string): Promise<void> => rm(root, { recursive: true, force: true });

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** Headers that make a page cross-origin isolated, so that its threads may share memory. */
export const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * Serves a folder as servers for one-page applications do: a path that leads to no file is answered with index.html.
 * @param hidden paths that begin so lead to no file
 */
export async function serveFolder(root: string, hidden?: string): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://local').pathname);
    void (async () => {
      const file = join(root, path);
      const exists = !(hidden !== undefined && path.startsWith(hidden)) && (await stat(file).catch(() => undefined))?.isFile();
      const found = exists ? file : join(root, 'index.html');
      response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream', ...isolation });
      response.end(await readFile(found));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => void server.close() };
}

export interface Seen {
  /** What the promise gave. */
  readonly outcome: unknown;
  /** Warnings and errors in its console. */
  readonly console: readonly string[];
  /** The addresses of its workers. */
  readonly workers: readonly string[];
}

/** Opens a page whose program sets `globalThis.outcome` to a promise. @param expected waits for so many workers to start */
export async function visit(address: string, expected = 0): Promise<Seen> {
  const browser = await browserType.launch({ executablePath: chromium!, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const console: string[] = [];
    const workers: string[] = [];
    page.on('console', (message) => void (['warning', 'error'].includes(message.type()) && console.push(message.text())));
    page.on('pageerror', (error) => console.push(error.message));
    page.on('worker', (worker) => workers.push(worker.url()));
    await page.goto(address);
    await page.waitForFunction(() => globalThis.outcome !== undefined, undefined, { timeout: 120_000 });
    const outcome: unknown = await page.evaluate(() => globalThis.outcome);
    while (workers.length < expected) await page.waitForEvent('worker', { timeout: 60_000 });
    return { outcome, console, workers };
  } finally {
    await browser.close();
  }
}

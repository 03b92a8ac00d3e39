// What bundlers and development servers make of backend-cpu: WebAssembly is found, or one warning says why not, and the line that mends it.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from 'vite';
import { chromium } from './chromium.ts';
import { isolation, makeProject, removeProject, serveFolder, visit } from './project.ts';

/** A program that multiplies matrices large enough for all threads, twice with a backend of its own. */
const program = (options: string, more = '') => `
import { cpu } from '@sinapse/backend-cpu';
import { randomNormal, use } from '@sinapse/core';
${more}
async function run() {
  await cpu(${options});
  const backend = use(await cpu(${options}));
  const x = randomNormal([256, 256], { seed: 1 });
  const trace = await x.matmul(x).sum().item();
  return { engine: backend.info.engine, finite: Number.isFinite(trace), notes: backend.info.notes };
}
globalThis.outcome = run();
`;
const html = (script: string) => `<!doctype html><link rel="icon" href="data:," /><script type="module" src="${script}"></script>`;

let root = '';
beforeAll(async () => {
  root = await makeProject({
    'index.html': html('/main.js'),
    'source.js': program(''),
    'named.js': program("{ wasm: '/wasm/' }"),
    'imported.js': program(
      "{ wasm: { simd128, 'relaxed-threads': threads, worker: '/out/worker.js' } }",
      "import simd128 from '@sinapse/backend-cpu/wasm/simd128.wasm';\nimport threads from '@sinapse/backend-cpu/wasm/relaxed-threads.wasm';",
    ),
    'worker.js': "import '@sinapse/backend-cpu/worker';",
    'node.js': "import { cpu } from '@sinapse/backend-cpu';\nvoid cpu().then(({ info }) => console.log(info.engine));",
    'node-named.js':
      "import { cpu } from '@sinapse/backend-cpu';\nvoid cpu({ engine: 'wasm', wasm: process.argv[2] }).then(({ info }) => console.log(info.engine));",
  });
});
afterAll(() => removeProject(root));

const bundle = (entry: string, outfile: string, options: BuildOptions = {}) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(root, outfile),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
    ...options,
  });

/** Opens the page with a program in place of main.js. */
async function open(entry: string, options: BuildOptions = {}, workers = 0) {
  await bundle(entry, 'main.js', options);
  const server = await serveFolder(root);
  try {
    return await visit(server.address, workers);
  } finally {
    server.close();
  }
}

const needs = '(needs Chromium: install it, or set CHROMIUM_PATH)';
describe.skipIf(chromium === undefined)(`in a page ${needs}`, () => {
  it('esbuild moves the code and not the modules: one warning says so, and what to write', async () => {
    const { outcome, console } = await open('source.js');
    expect(outcome).toMatchObject({ engine: 'TypeScript', finite: true });
    expect(console).toEqual([
      expect.stringMatching(
        /^sinapse: cpu\(\): plain TypeScript computes, .*\/simd128\.wasm: the server answers with something else, text\/html; .*cpu\(\{ wasm: '\/wasm\/' \}\)$/,
      ),
    ]);
  });

  it.each([
    ['a module', 'esm'],
    ['a script without an address of its own', 'iife'],
  ] as const)('esbuild, %s: that line brings WebAssembly', async (_, format) => {
    await cp(join(root, 'node_modules/@sinapse/backend-cpu/build/wasm'), join(root, 'wasm'), { recursive: true });
    const { outcome } = await open('named.js', { format });
    expect(outcome).toMatchObject({ engine: expect.stringMatching(/^wasm /), finite: true });
  });

  it('esbuild can import the modules and the worker, which the exports name', async () => {
    await bundle('worker.js', 'out/worker.js');
    const { outcome, console, workers } = await open('imported.js', { loader: { '.wasm': 'file' }, publicPath: '/' }, 1);
    expect(outcome).toMatchObject({ engine: 'wasm relaxed-simd', finite: true });
    expect(console).toEqual([]);
    expect(new Set(workers.map((address) => new URL(address).pathname))).toEqual(new Set(['/out/worker.js']));
  });

  // The development servers of Vite 6 and 7 bundle a dependency so with esbuild.
  describe('moved to node_modules/.vite/deps', () => {
    const deps = 'node_modules/.vite/deps';
    const main = program('').replace(/'@sinapse\/([\w-]+)'/g, `'/${deps}/@sinapse_$1.js?v=1'`);
    beforeAll(async () => {
      for (const name of ['core', 'backend-cpu']) await writeFile(join(root, `${name}.js`), `export * from '@sinapse/${name}';`);
      await mkdir(join(root, deps), { recursive: true });
      const entryPoints = { '@sinapse_core': 'core.js', '@sinapse_backend-cpu': 'backend-cpu.js' };
      const outdir = join(root, deps);
      await build({ absWorkingDir: root, entryPoints, outdir, bundle: true, splitting: true, format: 'esm', logLevel: 'error' });
      await writeFile(join(root, 'main.js'), main);
    });

    it('the code finds modules and worker in the package, which the server serves too', async () => {
      const server = await serveFolder(root);
      const { outcome, console, workers } = await visit(server.address, 1);
      server.close();
      expect(outcome).toMatchObject({ engine: 'wasm relaxed-simd', finite: true });
      expect(console).toEqual([]);
      expect(workers.every((address) => address.endsWith('/node_modules/@sinapse/backend-cpu/dist/host/browser-worker.js'))).toBe(true);
    });

    it('where the server does not, one warning gives the line for vite.config.js', async () => {
      const server = await serveFolder(root, '/node_modules/@sinapse');
      const { outcome, console } = await visit(server.address);
      server.close();
      expect(outcome).toMatchObject({ engine: 'TypeScript' });
      expect(console).toEqual([expect.stringContaining("in vite.config.js, write optimizeDeps: { exclude: ['@sinapse/backend-cpu'] }")]);
    });
  });

  it('the development server of Vite as it is', async () => {
    await writeFile(join(root, 'main.js'), program(''));
    const server = await createServer({ root, configFile: false, logLevel: 'error', server: { host: '127.0.0.1', headers: isolation } });
    await server.listen();
    try {
      const { outcome } = await visit(server.resolvedUrls!.local[0]!);
      expect(outcome).toMatchObject({ engine: 'wasm relaxed-simd', finite: true });
    } finally {
      await server.close();
    }
  });
});

describe('bundled for Node', () => {
  const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: tmpdir(), encoding: 'utf8', stdio: 'pipe' }).trim();

  it.each(['cjs', 'esm'] as const)('as %s it starts, and the modules can be named', async (format) => {
    const outfile = `out/node.${format === 'cjs' ? 'cjs' : 'mjs'}`;
    const logOverride = { 'empty-import-meta': 'silent' } as const; // CommonJS has none, which is the point
    await bundle('node.js', outfile, { format, platform: 'node', logOverride });
    expect(run(join(root, outfile))).toMatch(/^(native|wasm|TypeScript)/);
    await bundle('node-named.js', outfile, { format, platform: 'node', logOverride });
    expect(run(join(root, outfile), join(root, 'node_modules/@sinapse/backend-cpu/build/wasm'))).toMatch(/^wasm /);
    expect(() => run(join(root, outfile), tmpdir())).toThrow(
      /simd128\.wasm does not exist; in a clone, npm run build makes it; in a bundle/,
    );
  });
});

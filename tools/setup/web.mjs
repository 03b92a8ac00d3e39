// npm run web [-- --port N]: sets up a fresh clone, builds the laboratory and serves it with the headers that give it threads.
// npm run dev:web serves its sources and shows each change at once.
import './node-version.mjs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

// Loaded after the check above, because an old Node fails on its imports.
const { build, buildKernels, install, root } = await import('./workspace.mjs');

const usage = () => {
  console.error('sinapse: usage: npm run web [-- --port NUMBER]');
  process.exit(2);
};
const read = () => {
  try {
    return parseArgs({ options: { dev: { type: 'boolean' }, port: { type: 'string' } } }).values;
  } catch {
    return usage();
  }
};
const { dev, port = '4173' } = read();
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) usage();

await install();
await build('apps/web');
await buildKernels('web');

const folder = join(root, 'apps/web');
const vite = await import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve('vite')).href);
const config = { root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' };
const place = { host: 'localhost', port: Number(port) };
const server = dev
  ? await (await vite.createServer({ ...config, server: place })).listen()
  : await (async () => {
      await vite.build(config);
      return vite.preview({ ...config, preview: place });
    })();
console.log(`sinapse: the laboratory is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it)`);

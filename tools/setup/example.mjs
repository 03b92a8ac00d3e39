// npm run example -- NAME: sets up a fresh clone and runs a program of the folder examples.
import './node-version.mjs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Loaded after the check above, because an old Node fails on its imports.
const { build, buildKernels, install, root } = await import('./workspace.mjs');

const folder = join(root, 'examples');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length));
const [name] = process.argv.slice(2);
if (process.argv.length !== 3 || !names.includes(name)) {
  console.error(`sinapse: usage: npm run example -- NAME, where NAME is one of ${names.join(', ')}`);
  process.exit(2);
}

await install();
await build('apps/cli/tsconfig.src.json');
await buildKernels(name === 'page' ? 'test' : 'start');
await import(pathToFileURL(join(folder, `${name}.js`)).href);

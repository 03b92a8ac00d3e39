// npm run bench [-- arguments], bench:fused, bench:callbacks and others: sets up a fresh clone and measures. The first argument is the program to run.
import './node-version.mjs';
import './npm-shell.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Loaded after the check above, because an old Node fails on its imports.
const { build, buildKernels, install, root } = await import('./workspace.mjs');

await install();
await build('tools/bench');
await buildKernels('test');

const [program, ...given] = process.argv.slice(2);
const main = join(root, 'tools/bench/dist', `${program}.js`);
process.argv = [process.execPath, main, ...given];
await import(pathToFileURL(main).href);

// npm run bench [-- arguments], and bench:overhead: from a fresh clone to the measurements. The first argument is the program.
import './node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Loaded after the check above: an old Node would stumble over their imports first.
const { build, buildKernels, install, root } = await import('./workspace.mjs');

await install();
await build('tools/bench');
await buildKernels('test');

const [program, ...given] = process.argv.slice(2);
const main = join(root, 'tools/bench/dist', `${program}.js`);
process.argv = [process.execPath, main, ...given];
await import(pathToFileURL(main).href);

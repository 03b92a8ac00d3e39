// npm start [-- arguments]: sets up a fresh clone and runs the command line.
import './node-version.mjs';
import './npm-shell.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Loaded after the check above, because an old Node fails on its imports.
const { build, buildKernels, install, root } = await import('./workspace.mjs');

const withoutArguments = ['train', '--quick-start'];

await install();
await build('apps/cli/tsconfig.src.json');
await buildKernels('start');

// The terminal sends Ctrl-C to every process, and npm passes it on again a moment later; the second signal is dropped.
const emit = process.emit.bind(process);
let pressed = -Infinity;
process.emit = (event, ...rest) => {
  if (event !== 'SIGINT') return emit(event, ...rest);
  const before = pressed;
  pressed = performance.now();
  return pressed - before < 100 || emit(event, ...rest);
};

// The command line runs in this process, so that Ctrl-C, standard input and the exit code are its own.
const main = join(root, 'apps/cli/dist/main.js');
const given = process.argv.slice(2);
process.argv = [process.execPath, main, ...(given.length > 0 ? given : withoutArguments)];
await import(pathToFileURL(main).href);

// npm run pack -- FOLDER: packs every package into a folder, so that a project can install them before the release:
//
//   npm install FOLDER/*.tgz        needs no network; npm takes a path for one only if it begins with ./, ../ or /
//
// The packages of others that they need are packed with them. WebAssembly is included and, where this machine has a compiler, the native addon for it. With --quick, only what this machine needs is compiled:
// WebAssembly is missing if it was not built before and the addon was.
import '../setup/node-version.mjs';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

// Loaded after the check above, because an old Node fails on its imports.
const { run } = await import('../setup/child.mjs');
const { build, buildKernels, install, pnpm, root } = await import('../setup/workspace.mjs');
const { layOutPlatform, platforms, reasonAgainstHere } = await import('./native-package.mjs');

const folders = process.argv.slice(2).filter((argument) => argument !== '--quick');
if (folders.length !== 1 || folders[0] === '' || folders[0].startsWith('-'))
  end(2, 'usage: npm run pack -- [--quick] FOLDER, where FOLDER receives the packages, e.g. npm run pack -- ../sinapse-packages');
const folder = resolve(folders[0]);
if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) end(2, `${folders[0]} is a file, but a folder is needed`);

function end(code, line) {
  console.error(`sinapse: ${line}`);
  process.exit(code);
}

async function pack(program, args, cwd) {
  const { code, output } = await run(program, args, { cwd, quiet: true, onSignal });
  if (code !== 0) throw new Error(`cannot pack: ${output.trim().split('\n').at(-1)}`);
}

/** The folder of an installed package that another needs. */
function installed(from, name) {
  for (let at = from; at !== dirname(at); at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(folder)) return realpathSync(folder);
  }
  throw new Error(`cannot pack: ${name}, which ${from} needs, is not installed`);
}

/** Adds the folders of the packages of others that a package needs, and that these need. */
function addOthers(from, found) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    if (name.startsWith('@sinapse/')) continue;
    const folder = installed(from, name);
    if (found.has(folder)) continue;
    found.add(folder);
    addOthers(folder, found);
  }
}

await install();
await build('apps/cli/tsconfig.src.json');
await build('packages/backend-testkit/tsconfig.src.json');
await buildKernels(process.argv.includes('--quick') ? 'start' : 'pack');

let work;
const onSignal = () => work !== undefined && rmSync(work, { recursive: true, force: true });
try {
  mkdirSync(folder, { recursive: true });
  work = mkdtempSync(join(folder, '.packing-')); // renamed when all are whole, so that no tarball is ever half of one
  await pack(pnpm.command, [...pnpm.args, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', work], root);
  const others = new Set();
  for (const name of readdirSync(join(root, 'packages'))) addOthers(join(root, 'packages', name), others);
  for (const other of others) await pack('npm', ['pack', other, '--ignore-scripts', '--pack-destination', work], root);
  const published = JSON.parse(readFileSync(join(root, 'packages/backend-cpu/package.json'), 'utf8'));
  for (const platform of platforms.filter((platform) => reasonAgainstHere(platform) === undefined)) {
    const laidOut = await layOutPlatform(join(work, 'native'), platform, published, true);
    await pack('npm', ['pack', '--pack-destination', work], laidOut);
  }
  const tarballs = readdirSync(work).filter((name) => name.endsWith('.tgz'));
  for (const tarball of tarballs) renameSync(join(work, tarball), join(folder, tarball));
  console.log(`${tarballs.length} packages are in ${folder}; in a project: npm install ${join(folder, '*.tgz')}`);
} catch (error) {
  console.error(`sinapse: ${error.message}`);
  process.exitCode = 1;
} finally {
  onSignal();
}

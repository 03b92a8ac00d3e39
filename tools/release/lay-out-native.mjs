// Prepares the published packages of backend-cpu in a folder: one with JavaScript and WebAssembly, and one for each platform with the
// native addon, an optional dependency of the first. npm installs the one that fits (os, cpu, libc); none has an install script.
//
//   node tools/release/lay-out-native.mjs FOLDER        then, for each folder in it: npm publish --access public
//
// Platforms without a compiler are named and left out, so make a release where all compilers are (Debian: g++, g++-aarch64-linux-gnu).
// With --here, for tests, nothing is compiled: the folders hold what `npm test` has built for this machine.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWasm } from '../../packages/backend-cpu/scripts/build-wasm.mjs';
import { commandLine } from '../setup/platform.mjs';
import { pnpm, root } from '../setup/workspace.mjs';
import { layOutPlatform, platforms, reasonAgainstHere, writeManifest } from './native-package.mjs';

const main = join(root, 'packages/backend-cpu');

const destination = process.argv.slice(2).find((argument) => argument !== '--here');
const here = process.argv.includes('--here');

/** The reason why a platform's package cannot be made. */
function reasonAgainst(platform) {
  if (here) return reasonAgainstHere(platform);
  return has(platform.compiler) ? undefined : `there is no ${platform.compiler}`;
}

function has(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Makes the package itself as pnpm packs it, with the platforms' packages as optional dependencies. */
async function layOutMain(destination) {
  if (!here) await buildWasm();
  const work = mkdtempSync(join(tmpdir(), 'sinapse-pack-'));
  try {
    const pack = commandLine(process.platform, pnpm.command, [...pnpm.args, 'pack', '--pack-destination', work]);
    execFileSync(pack.command, pack.args, { ...pack.options, cwd: main, stdio: 'pipe' });
    execFileSync('tar', ['-xzf', join(work, readdirSync(work)[0]), '-C', work]);
    cpSync(join(work, 'package'), join(destination, 'backend-cpu'), { recursive: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const folder = join(destination, 'backend-cpu');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const optionalDependencies = Object.fromEntries(platforms.map(({ name }) => [`${manifest.name}-${name}`, manifest.version]));
  writeManifest(folder, { ...manifest, optionalDependencies });
  return manifest;
}

if (destination === undefined || existsSync(destination)) {
  console.error('usage: node tools/release/lay-out-native.mjs [--here] FOLDER, where FOLDER does not exist yet');
  process.exit(2);
}
mkdirSync(destination, { recursive: true });
try {
  const published = await layOutMain(destination);
  console.log('backend-cpu');
  for (const platform of platforms) {
    const reason = reasonAgainst(platform);
    if (reason !== undefined) console.log(`backend-cpu-${platform.name}: LEFT OUT, ${reason}`);
    else {
      await layOutPlatform(destination, platform, published, here);
      console.log(`backend-cpu-${platform.name}`);
    }
  }
} catch (error) {
  rmSync(destination, { recursive: true, force: true });
  console.error(String(error.stderr || error.message).trim());
  process.exitCode = 1;
}

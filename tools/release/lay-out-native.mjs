// Prepares the published packages of backend-cpu in a folder: one with JavaScript and WebAssembly, and one for each platform with the
// native addon, an optional dependency of the first. npm installs the one that fits (os, cpu, libc); none has an install script.
//
//   node tools/release/lay-out-native.mjs FOLDER        then, for each folder in it: npm publish --access public
//
// Platforms without a compiler are named and left out, so make a release where all compilers are (Debian: g++, g++-aarch64-linux-gnu).
// With --here, for tests, nothing is compiled: the folders hold what `npm test` has built for this machine.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileAddon } from '../../packages/backend-cpu/scripts/build-native.mjs';
import { buildWasm } from '../../packages/backend-cpu/scripts/build-wasm.mjs';
import { pnpm, root } from '../setup/workspace.mjs';

const main = join(root, 'packages/backend-cpu');

const platforms = [
  { name: 'linux-x64-gnu', os: 'linux', cpu: 'x64', libc: 'glibc', compiler: 'x86_64-linux-gnu-g++' },
  { name: 'linux-arm64-gnu', os: 'linux', cpu: 'arm64', libc: 'glibc', compiler: 'aarch64-linux-gnu-g++' },
];

const destination = process.argv.slice(2).find((argument) => argument !== '--here');
const here = process.argv.includes('--here');
const ownAddon = join(main, 'build/native/sinapse-cpu.node');

/** The reason why a platform's package cannot be made. */
function reasonAgainst({ os, cpu, compiler }) {
  if (!here) return has(compiler) ? undefined : `there is no ${compiler}`;
  if (os !== process.platform || cpu !== process.arch) return 'this is another platform';
  return existsSync(ownAddon) ? undefined : 'the addon was not built here';
}

function has(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Makes the package of one platform. */
async function layOutPlatform(destination, { name, os, cpu, libc, compiler }, published) {
  const folder = join(destination, `backend-cpu-${name}`);
  mkdirSync(folder, { recursive: true });
  if (here) copyFileSync(ownAddon, join(folder, 'sinapse-cpu.node'));
  else {
    const build = mkdtempSync(join(tmpdir(), 'sinapse-addon-'));
    try {
      await compileAddon(compiler, cpu, build);
      copyFileSync(join(build, 'sinapse-cpu.node'), join(folder, 'sinapse-cpu.node'));
    } finally {
      rmSync(build, { recursive: true, force: true });
    }
  }
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(
    join(folder, 'README.md'),
    `# ${published.name}-${name}\n\nThe kernels of [${published.name}](https://www.npmjs.com/package/${published.name}), compiled for ${os} on ${cpu} (${libc}). ` +
      `It is installed with that package where it fits; there is nothing to import from it.\n`,
  );
  const { version, license, author, repository, bugs, homepage, engines } = published;
  writeManifest(folder, {
    name: `${published.name}-${name}`,
    version,
    description: `${published.description}: native kernels for ${name}`,
    license,
    author,
    repository,
    bugs,
    homepage,
    main: 'sinapse-cpu.node',
    files: ['sinapse-cpu.node', 'README.md', 'LICENSE'],
    publishConfig: { access: 'public' },
    engines,
    os: [os],
    cpu: [cpu],
    libc: [libc],
  });
}

/** Makes the package itself as pnpm packs it, with the platforms' packages as optional dependencies. */
async function layOutMain(destination) {
  if (!here) await buildWasm();
  const work = mkdtempSync(join(tmpdir(), 'sinapse-pack-'));
  try {
    execFileSync(pnpm.command, [...pnpm.args, 'pack', '--pack-destination', work], { cwd: main, stdio: 'pipe' });
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
      await layOutPlatform(destination, platform, published);
      console.log(`backend-cpu-${platform.name}`);
    }
  }
} catch (error) {
  rmSync(destination, { recursive: true, force: true });
  console.error(String(error.stderr || error.message).trim());
  process.exitCode = 1;
}

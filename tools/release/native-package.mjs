// The packages that carry the native addon of backend-cpu, one for each platform. npm installs the one that fits (os, cpu, libc).
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileAddon } from '../../packages/backend-cpu/scripts/build-native.mjs';
import { root } from '../setup/workspace.mjs';

export const platforms = [
  { name: 'linux-x64-gnu', os: 'linux', cpu: 'x64', libc: 'glibc', compiler: 'x86_64-linux-gnu-g++' },
  { name: 'linux-arm64-gnu', os: 'linux', cpu: 'arm64', libc: 'glibc', compiler: 'aarch64-linux-gnu-g++' },
];

/** The addon that was built for this machine. */
const addonHere = join(root, 'packages/backend-cpu/build/native/sinapse-cpu.node');

/** Why the addon built here cannot be the package of a platform; undefined if it can. */
export function reasonAgainstHere({ os, cpu }) {
  if (os !== process.platform || cpu !== process.arch) return 'this is another platform';
  return existsSync(addonHere) ? undefined : 'the addon was not built here';
}

export function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * Makes the package of one platform in the folder `destination/backend-cpu-<platform>`.
 * @param published the manifest of backend-cpu
 * @param here takes the addon that was built for this machine, instead of compiling one
 * @returns the folder
 */
export async function layOutPlatform(destination, { name, os, cpu, libc, compiler }, published, here) {
  const folder = join(destination, `backend-cpu-${name}`);
  mkdirSync(folder, { recursive: true });
  if (here) copyFileSync(addonHere, join(folder, 'sinapse-cpu.node'));
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
  return folder;
}

// Installs the libraries to compare with, when the benchmark first needs them and outside the workspace: they take half a gigabyte.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../peers/', import.meta.url);
const lockfile = new URL('package-lock.json', folder);
/** A copy of the installed lockfile, written after the installation. */
const stamp = new URL('node_modules/.installed', folder);

/** Installs the packages of the lockfile, unless they are installed. */
export function installPeers(say: (line: string) => void): void {
  const wanted = readFileSync(lockfile, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing the libraries to compare with, about 500 MB …');
  const { status, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], {
    cwd: fileURLToPath(folder),
    encoding: 'utf8',
    shell: process.platform === 'win32', // npm is a .cmd file there
    stdio: ['ignore', 'ignore', 'pipe'],
    // Keeps onnxruntime-node from fetching libraries for graphics cards, although no peer's install script is run.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (status !== 0) {
    const reason =
      error?.message ??
      stderr
        .trim()
        .split('\n')
        .find((line) => line.startsWith('npm error')) ??
      'npm failed';
    throw new Error(`the peers cannot be installed: ${reason}; to measure without them: pnpm bench --peers none`);
  }
  writeFileSync(stamp, wanted);
}

/** Imports an installed peer. */
export async function loadPeer<T>(name: string): Promise<T> {
  const there = (await import(new URL('load.mjs', folder).href)) as { load(name: string): Promise<T> };
  return there.load(name);
}

/** The version of an installed peer. */
export function peerVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, folder), 'utf8')) as { version: string };
  return version;
}

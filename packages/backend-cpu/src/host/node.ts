// The host of the loader in Node.

import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Addon } from '../engine/native.ts';
import type { Host } from './host.ts';
import { isModule, moduleAt, workerAt } from './wasm-files.ts';

/** The address of this file. Bundled as CommonJS it has no `import.meta.url`, but a name. */
const here = import.meta.url ?? pathToFileURL(__filename).href;
const require = createRequire(here);

/** The package of the addon for this platform; on Linux it depends on the C library. */
function platformPackage(): string {
  const { platform, arch } = process;
  if (platform !== 'linux') return `@sinapse/backend-cpu-${platform}-${arch}`;
  return `@sinapse/backend-cpu-linux-${arch}-${usesMusl() ? 'musl' : 'gnu'}`;
}

/**
 * Whether the C library of this process is musl: the files that it has mapped say so. (`process.report` would tell as well, but it looks up the names of
 * all open connections, which blocks for seconds where no server answers.)
 */
function usesMusl(): boolean {
  try {
    return /\/(ld-musl-|libc\.musl-)[^/\n]*$/m.test(readFileSync('/proc/self/maps', 'latin1'));
  } catch {
    return false;
  }
}

const localBuild = new URL('../../build/native/sinapse-cpu.node', here);

export const host: Host = {
  environment: (name) => process.env[name],
  processors: availableParallelism(),

  async loadAddon() {
    const name = platformPackage();
    const reasons: string[] = [];
    const other = process.env['SINAPSE_CPU_ADDON']; // a build for tests
    for (const [what, path] of [
      ['SINAPSE_CPU_ADDON', other ?? ''],
      [name, name],
      ['the local build', existsSync(localBuild) ? fileURLToPath(localBuild) : ''],
    ] as const) {
      if (path === '') continue;
      try {
        return require(path) as Addon;
      } catch (error) {
        if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') reasons.push(`${what} cannot be loaded: ${firstLine(error)}`);
      }
    }
    return reasons.join('; ') || `the package ${name} is not installed, and the addon was not built here (that takes a C++ compiler)`;
  },

  async loadModule(variant, files) {
    const given = files === undefined ? new URL(`../../build/wasm/${variant}.wasm`, here) : moduleAt(files, variant);
    if (given === undefined) return 'no address was given';
    const path = pathOf(given);
    try {
      const bytes = new Uint8Array(await readFile(path));
      return isModule(bytes) ? bytes : `${path} is no module of WebAssembly`;
    } catch (error) {
      return (error as { code?: string }).code === 'ENOENT' ? `${path} does not exist` : firstLine(error);
    }
  },

  remedy:
    'in a clone, npm run build makes it; in a bundle, name the folder that holds it: ' +
    "cpu({ wasm: 'node_modules/@sinapse/backend-cpu/build/wasm' })",

  workers(files) {
    // Started from the sources (tests) or from dist, workers run the built code. They take no flags, because they refuse some of the main thread's,
    // such as --input-type.
    const program = pathOf(workerAt(files) ?? new URL('../../dist/host/node-worker.js', here));
    if (!existsSync(program)) return `their program ${program} does not exist; bundle @sinapse/backend-cpu/worker and name it`;
    return (task) => {
      const worker = new Worker(program, { workerData: task, execArgv: [] });
      worker.unref();
      return { terminate: () => void worker.terminate() };
    };
  },

  async unlockRelaxedSimd() {
    // Node 20 has it behind a flag. Later versions have it without, and only warn about flags they do not know.
    if (Number(process.versions.node.split('.')[0]) < 21) setFlagsFromString('--experimental-wasm-relaxed-simd');
  },
};

/** The path of a file from its path or URL. */
function pathOf(address: string | URL): string {
  return resolve(String(address).startsWith('file:') ? fileURLToPath(address) : String(address));
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0];
}

// The host of the loader in a browser. Bundlers find the modules and the worker by their literal addresses.

import type { WorkerTask } from '../engine/wasm.ts';
import type { Host } from './host.ts';
import type { WasmFiles, WasmVariant } from './wasm-files.ts';
import { isModule, moduleAt, workerAt } from './wasm-files.ts';

// Functions, because a script that is not a module has no address of its own: `import.meta.url` is undefined there, and `new URL` throws.
const beside: Readonly<Record<WasmVariant, () => URL>> = {
  'relaxed-threads': () => new URL('../../build/wasm/relaxed-threads.wasm', import.meta.url),
  relaxed: () => new URL('../../build/wasm/relaxed.wasm', import.meta.url),
  'simd128-threads': () => new URL('../../build/wasm/simd128-threads.wasm', import.meta.url),
  simd128: () => new URL('../../build/wasm/simd128.wasm', import.meta.url),
};

/**
 * The address of this package, if the development server of Vite (before version 8) has moved this file out of it: to
 * `node_modules/.vite/deps/@sinapse_backend-cpu.js`, without the modules. It serves the package itself as well.
 */
const left: string | undefined = /^.*\/node_modules\/(?=\.vite\/)/.exec(import.meta.url ?? '')?.[0];
const home: string | undefined = left && `${left}@sinapse/backend-cpu/`;

function addressOf(variant: WasmVariant, files: WasmFiles | undefined): URL | undefined {
  if (files === undefined) return home === undefined ? beside[variant]() : new URL(`build/wasm/${variant}.wasm`, home);
  const given = moduleAt(files, variant);
  return given === undefined ? undefined : new URL(given, location.href);
}

async function loadModule(variant: WasmVariant, files: WasmFiles | undefined): Promise<Uint8Array<ArrayBuffer> | string> {
  let address: URL | undefined;
  try {
    address = addressOf(variant, files);
  } catch {
    return 'this script does not know its own address, so neither that of the module';
  }
  if (address === undefined) return 'no address was given';
  try {
    const response = await fetch(address);
    if (!response.ok) return `${address.href}: status ${response.status}`;
    const bytes = new Uint8Array(await response.arrayBuffer());
    return isModule(bytes) ? bytes : `${address.href}: the server answers with something else, ${response.headers.get('content-type')}`;
  } catch (error) {
    return `${address.href}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function newWorker(files: WasmFiles | undefined): Worker {
  const given = workerAt(files);
  if (given !== undefined) return new Worker(given, { type: 'module' });
  if (home !== undefined) return new Worker(new URL('dist/host/browser-worker.js', home), { type: 'module' });
  return new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module' });
}

let warned = false;

/** Says, once, that a worker does not start. No kernel waits for it: the other threads do its work. */
function warnOfWorker(reason: string): void {
  if (!warned)
    console.warn(
      `sinapse: cpu(): a thread does not start, the others do its work: ${reason}; bundle @sinapse/backend-cpu/worker and name it: cpu({ wasm: { worker: … } })`,
    );
  warned = true;
}

function startWorker(task: WorkerTask, files: WasmFiles | undefined): { terminate(): void } {
  try {
    const worker = newWorker(files);
    worker.onerror = ({ message }) => warnOfWorker(message || 'its program is not found');
    worker.postMessage(task);
    return worker;
  } catch (error) {
    warnOfWorker(error instanceof Error ? error.message : String(error));
    return { terminate: () => {} };
  }
}

export const host: Host = {
  environment: () => undefined,
  processors: globalThis.navigator?.hardwareConcurrency ?? 1,
  loadAddon: () => Promise.resolve('browsers load no native code'),
  loadModule,

  remedy: /\/deps\/@sinapse_backend-cpu/.test(import.meta.url ?? '')
    ? "in vite.config.js, write optimizeDeps: { exclude: ['@sinapse/backend-cpu'] }"
    : "serve the folder build/wasm of @sinapse/backend-cpu and name its address: cpu({ wasm: '/wasm/' })",

  workers: (files) =>
    globalThis.crossOriginIsolated === true
      ? (task) => startWorker(task, files)
      : 'the page is not cross-origin isolated (send COOP same-origin and COEP require-corp)',

  unlockRelaxedSimd: () => Promise.resolve(),
};

// The host of the loader in a browser. Bundlers find the modules and the worker by their literal addresses.

import type { Host, WasmVariant } from './host.ts';

const addresses: Readonly<Record<WasmVariant, URL>> = {
  'relaxed-threads': new URL('../../build/wasm/relaxed-threads.wasm', import.meta.url),
  relaxed: new URL('../../build/wasm/relaxed.wasm', import.meta.url),
  'simd128-threads': new URL('../../build/wasm/simd128-threads.wasm', import.meta.url),
  simd128: new URL('../../build/wasm/simd128.wasm', import.meta.url),
};

export const host: Host = {
  environment: () => undefined,
  processors: globalThis.navigator?.hardwareConcurrency ?? 1,
  loadAddon: () => Promise.resolve('browsers load no native code'),

  async loadModule(variant) {
    try {
      const response = await fetch(addresses[variant]);
      if (!response.ok) return `${response.url}: status ${response.status}`;
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      return `${addresses[variant].href}: ${error instanceof Error ? error.message : String(error)}`;
    }
  },

  startWorker:
    globalThis.crossOriginIsolated === true
      ? (task) => {
          const worker = new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module' });
          worker.postMessage(task);
          return worker;
        }
      : 'the page is not cross-origin isolated (send COOP same-origin and COEP require-corp)',

  unlockRelaxedSimd: () => Promise.resolve(),
};

// The backends that the laboratory knows: which can be made here, and why not the others. Each is loaded when it is asked for.

import type { Backend } from '@sinapse/core';
import { backendInfo, use } from '@sinapse/core';

const backendNames = ['cpu', 'webgl', 'webgpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** A backend as the shell lists it. */
export interface BackendChoice {
  readonly name: BackendName;
  /** Why it cannot be made here, and what to do; undefined if it can. */
  readonly problem?: string;
}

/** The backend in use, as the shell shows it. */
export interface BackendInUse {
  readonly name: BackendName;
  /** What runs the kernels, e.g. `wasm relaxed-simd`. */
  readonly engine: string;
  readonly device?: string;
  readonly threads: number;
  /** Why no better engine was chosen. */
  readonly notes: readonly string[];
}

/** How to make a backend. */
interface BackendModule {
  readonly open: () => Promise<Backend>;
  readonly whyNot: () => Promise<string | undefined>;
}

const modules: Readonly<Record<BackendName, () => Promise<BackendModule>>> = {
  cpu: async () => {
    const { cpu } = await import('@sinapse/backend-cpu');
    return { open: () => cpu(), whyNot: async () => undefined };
  },
  webgl: async () => {
    const { webgl, whyNot } = await import('@sinapse/backend-webgl');
    return { open: () => webgl(), whyNot };
  },
  webgpu: async () => {
    const { webgpu, whyNot } = await import('@sinapse/backend-webgpu');
    return { open: () => webgpu(), whyNot };
  },
};

/** Lists the backends, and why some cannot be made here. */
export async function listBackends(): Promise<BackendChoice[]> {
  return Promise.all(
    backendNames.map(async (name) => {
      const problem = await problemOf(name);
      return problem === undefined ? { name } : { name, problem };
    }),
  );
}

async function problemOf(name: BackendName): Promise<string | undefined> {
  try {
    const { whyNot } = await modules[name]();
    return await whyNot();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

let inUse: Backend | undefined;

/**
 * Makes a backend and uses it for all that is made from now on. The one before is closed; what was made on it cannot be used any more.
 * @throws BackendError when it cannot be made here
 */
export async function openBackend(name: BackendName): Promise<BackendInUse> {
  const { open } = await modules[name]();
  const before = inUse;
  inUse = use(await open());
  await before?.close().catch(() => {}); // a lost device cannot be closed
  const { engine, device, threads, notes } = backendInfo(inUse);
  return { name, engine, threads, notes: [...notes], ...(device !== undefined && { device }) };
}

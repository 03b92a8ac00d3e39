// The backends that the laboratory knows: which can be made here, and why not the others. Each is loaded when it is asked for.

import type { Backend } from '@sinapse/core';
import { backendInfo, use } from '@sinapse/core';
import type { BackendName } from './backend-names.ts';
import { backendNames } from './backend-names.ts';
import type { Failure } from './failure.ts';
import { Refusal, failureOf } from './failure-of.ts';

/** Why a backend cannot be made here. The shell has a sentence for each, with what to do. */
type WhyNot = 'notInBrowsers' | 'noOffscreenCanvas' | 'noWebGl' | 'noFloats' | 'notSecure' | 'noWebGpu' | 'noAdapter' | 'doesNotLoad';

/** A backend as the shell lists it. */
export interface BackendChoice {
  readonly name: BackendName;
  /** Undefined if it can be made. `detail` is the backend's own message, in English. */
  readonly problem?: { readonly why: WhyNot; readonly detail: string };
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
  /** The backend's message that says why it cannot be made here. */
  readonly whyNot?: () => Promise<string | undefined>;
  /** What stands behind that message. */
  readonly reason?: (message: string) => WhyNot;
}

const whyNoWebGl = (): WhyNot => (typeof OffscreenCanvas === 'undefined' ? 'noOffscreenCanvas' : 'noWebGl');

const modules: Readonly<Record<BackendName, () => Promise<BackendModule>>> = {
  cpu: async () => {
    const { cpu } = await import('@sinapse/backend-cpu');
    return { open: () => cpu() };
  },
  webgl: async () => {
    const { webgl, whyNot } = await import('@sinapse/backend-webgl');
    return { open: () => webgl(), whyNot, reason: whyNoWebGl };
  },
  webgpu: async () => {
    const { webgpu, whyNot } = await import('@sinapse/backend-webgpu');
    return {
      open: () => webgpu(),
      whyNot,
      reason: () => (!isSecureContext ? 'notSecure' : 'gpu' in navigator ? 'noAdapter' : 'noWebGpu'),
    };
  },
  tfjsWebgl: async () => {
    const { tfjsWebgl, whyNot } = await import('@sinapse/backend-tfjs/webgl');
    const reason = (message: string) => (message.includes('16 bits') ? 'noFloats' : whyNoWebGl());
    return { open: () => tfjsWebgl(), whyNot, reason };
  },
  reference: async () => {
    const { reference } = await import('@sinapse/backend-reference');
    return { open: async () => reference() };
  },
  native: async () => {
    const detail = '';
    return {
      open: () => Promise.reject(new Refusal({ kind: 'backendDoesNotStart', detail })),
      whyNot: async () => detail,
      reason: () => 'notInBrowsers',
    };
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

async function problemOf(name: BackendName): Promise<BackendChoice['problem']> {
  try {
    const { whyNot, reason } = await modules[name]();
    const detail = await whyNot?.();
    return detail === undefined ? undefined : { why: reason!(detail), detail };
  } catch (error) {
    return { why: 'doesNotLoad', detail: error instanceof Error ? error.message : String(error) };
  }
}

let inUse: Backend | undefined;

/**
 * Makes a backend and uses it for all that is made from now on. The one before is closed; what was made on it cannot be used any more.
 * @param onLost called if its device is lost while it is in use
 * @throws Refusal when it cannot be made here
 */
export async function openBackend(name: BackendName, onLost: (failure: Failure) => void): Promise<BackendInUse> {
  const made = await make(name);
  const before = inUse;
  inUse = use(made);
  void made.lost.then((error) => made === inUse && onLost(failureOf(error)));
  await before?.close().catch(() => {}); // a lost device cannot be closed
  const { engine, device, threads, notes } = backendInfo(made);
  return { name, engine, threads, notes: [...notes], ...(device !== undefined && { device }) };
}

async function make(name: BackendName): Promise<Backend> {
  try {
    const { open } = await modules[name]();
    return await open();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Refusal({ kind: 'backendDoesNotStart', detail });
  }
}

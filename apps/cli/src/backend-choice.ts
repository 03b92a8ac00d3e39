// Chooses the backend that computes. Only the chosen one is loaded.

import type { Backend } from '@sinapse/core';
import { backendInfo, suggestion } from '@sinapse/core';
import { UsageError } from './usage-error.ts';

/** A backend that this program knows by name but cannot run here. */
class BackendUnavailable extends Error {
  override name = 'BackendUnavailable';
}

/** How to open each backend, or the reason why it is unavailable; in the order in which `auto` tries them. */
const backends: Readonly<Record<string, { readonly what: string; readonly open?: () => Promise<Backend>; readonly reason?: string }>> = {
  cpu: {
    what: 'the processor, with the fastest engine this machine has',
    open: async () => (await import('@sinapse/backend-cpu')).cpu(),
  },
  reference: {
    what: 'the processor, in plain TypeScript; what the other backends are checked against',
    open: async () => (await import('@sinapse/backend-reference')).reference(),
  },
  webgl: { what: 'the graphics card, in a browser', reason: 'runs in browsers, not in Node; use cpu' },
  cuda: { what: 'NVIDIA graphics cards', reason: 'is not available in this version; use cpu' },
  'tfjs-node-gpu': { what: 'NVIDIA graphics cards, by way of TensorFlow', reason: 'is not available in this version; use cpu' },
};

const names: readonly string[] = ['auto', ...Object.keys(backends)];

/** @throws UsageError when there is no backend of that name */
export function checkBackend(name: string): void {
  if (!names.includes(name)) throw new UsageError(unknownName('backend', name, names));
}

/**
 * @throws UsageError when there is no backend of that name
 * @throws BackendUnavailable when it cannot run here
 */
export async function openBackend(name = 'auto'): Promise<Backend> {
  if (name === 'auto') return openBackend('cpu');
  checkBackend(name);
  const known = backends[name]!;
  if (known.open === undefined) throw new BackendUnavailable(`the backend ${name} ${known.reason}`);
  return known.open();
}

/** A backend as `sinapse backends` lists it. */
export interface BackendDescription {
  readonly name: string;
  readonly what: string;
  readonly available: boolean;
  /** The engine that runs the kernels, if the backend is available. */
  readonly engine?: string;
  readonly threads?: number;
  /** Why the backend is unavailable, or why no faster engine was chosen. */
  readonly notes: readonly string[];
}

export async function describeBackends(): Promise<BackendDescription[]> {
  return Promise.all(
    Object.entries(backends).map(async ([name, { what, open, reason }]) => {
      if (open === undefined) return { name, what, available: false, notes: [reason ?? ''] };
      try {
        const backend = await open();
        const { engine, threads, notes } = backendInfo(backend);
        await backend.close();
        return { name, what, available: true, engine, threads, notes };
      } catch (error) {
        return { name, what, available: false, notes: [error instanceof Error ? error.message : String(error)] };
      }
    }),
  );
}

/** One line that says that a name is unknown and suggests the name that was probably meant. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  return `there is no ${kind} ${JSON.stringify(name)}; ${suggestion(name, known)}`;
}

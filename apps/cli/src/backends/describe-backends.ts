// Tries every backend, for `sinapse backends`.

import { backendInfo } from '@sinapse/core';
import { backendList } from './backend-list.ts';
import type { ElsewhereBackend, NodeBackend } from './backend-list.ts';

/** A backend as `sinapse backends` lists it. */
export interface BackendDescription {
  readonly name: string;
  readonly what: string;
  /** Whether this machine can compute with it in Node. */
  readonly available: boolean;
  readonly status: 'usable' | 'not usable here' | ElsewhereBackend['status'];
  /** What runs the kernels, if the backend is usable. */
  readonly engine?: string;
  /** The name of the processor or the graphics card, where it is known. */
  readonly device?: string;
  readonly threads?: number;
  /** Why the backend is not usable, or why no faster engine was chosen. */
  readonly notes: readonly string[];
}

export async function describeBackends(): Promise<BackendDescription[]> {
  return Promise.all(
    Object.entries(backendList).map(async ([name, known]) =>
      'open' in known ? describe(name, known) : { name, what: known.what, available: false, status: known.status, notes: [known.reason] },
    ),
  );
}

async function describe(name: string, { what, open }: NodeBackend): Promise<BackendDescription> {
  try {
    const backend = await open();
    const { engine, device, threads, notes } = backendInfo(backend);
    await backend.close();
    // That an engine was asked for is no news where each is listed under its own name.
    const news = notes.filter((text) => !text.endsWith('was asked for'));
    return { name, what, available: true, status: 'usable', engine, ...(device !== undefined && { device }), threads, notes: news };
  } catch (error) {
    return { name, what, available: false, status: 'not usable here', notes: [error instanceof Error ? error.message : String(error)] };
  }
}

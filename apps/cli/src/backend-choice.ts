// Chooses the backend that computes. Only the chosen one is loaded.

import type { Backend } from '@sinapse/core';
import { suggestion } from '@sinapse/core';
import { backendList } from './backends/backend-list.ts';
import { BackendUnavailable } from './backends/unavailable.ts';
import { UsageError } from './usage-error.ts';

const names: readonly string[] = ['auto', ...Object.keys(backendList)];

/** @throws UsageError when there is no backend of that name */
export function checkBackend(name: string): void {
  if (!names.includes(name)) throw new UsageError(unknownName('backend', name, names));
}

/**
 * @throws UsageError when there is no backend of that name
 * @throws BackendUnavailable or BackendError when it cannot run here
 */
export async function openBackend(name = 'auto'): Promise<Backend> {
  if (name === 'auto') return openBackend('cpu');
  checkBackend(name);
  const known = backendList[name]!;
  if (!('open' in known)) throw new BackendUnavailable(`the backend ${name} ${known.reason}`);
  try {
    return await known.open();
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    throw new BackendUnavailable(`the backend ${name} cannot be used here: ${error.message}; or use cpu`);
  }
}

/** A backend in use, in a few words: its name and what runs its kernels, of a graphics card which. */
export function inWords({ name, info }: Backend): string {
  return `${name} (${info.reading === 'waits' ? (info.device ?? info.engine) : info.engine})`;
}

/** One line that says that a name is unknown and suggests the name that was probably meant. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  return `there is no ${kind} ${JSON.stringify(name)}; ${suggestion(name, known)}`;
}

// The page's side of the worker: one worker for all pages, with the backend that the shell chose.

import { signal } from '@preact/signals';
import type { Remote } from 'comlink';
import { wrap } from 'comlink';
import type { BackendChoice, BackendInUse, BackendName } from './backends.ts';
import type { Laboratory } from './worker.ts';

export const laboratory: Remote<Laboratory> = wrap<Laboratory>(
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'laboratory' }),
);

/** The backends and why some cannot be used; empty until they have been tried. */
export const choices = signal<readonly BackendChoice[]>([]);

/** The backend that computes; undefined until it has started. */
export const backendInUse = signal<BackendInUse | undefined>(undefined);

/** Why the last choice of a backend failed. */
export const backendProblem = signal<string | undefined>(undefined);

/** Rises with every backend that was opened: pages then begin anew. */
export const backendGeneration = signal(0);

/** Opens a backend. If that fails, the one before stays. */
export async function chooseBackend(name: BackendName): Promise<void> {
  backendProblem.value = undefined;
  try {
    backendInUse.value = await laboratory.useBackend(name);
    backendGeneration.value++;
  } catch (error) {
    backendProblem.value = messageOf(error);
  }
}

/** Starts with the processor, which works everywhere, and then looks which others there are. */
export async function startLaboratory(wanted: BackendName | undefined): Promise<void> {
  await chooseBackend(wanted ?? 'cpu');
  if (backendInUse.value === undefined) await chooseBackend('cpu');
  choices.value = await laboratory.backends();
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

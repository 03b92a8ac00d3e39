// The page's side of the worker: one worker for all pages, with the backend that the shell chose.

import { signal } from '@preact/signals';
import { proxy, wrap } from 'comlink';
import type { BackendName } from './backend-names.ts';
import type { BackendChoice, BackendInUse } from './backends.ts';
import type { Answering } from './answer.ts';
import type { Failure } from './failure.ts';
import { caught, unwrapped } from './laboratory-error.ts';
import type { Laboratory } from './worker.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'laboratory' });

/** The worker's functions. They throw a `LaboratoryError`. */
export const laboratory = unwrapped(wrap<Answering<Laboratory>>(worker));

/** What the worker threw outside a call. After that nobody knows what still works in it. */
export const workerFailure = signal<Failure | undefined>(undefined);
worker.addEventListener('error', (event) => void (workerFailure.value = { kind: 'workerFailed', detail: event.message ?? '' }));

/** The backends and why some cannot be used; empty until they have been tried. */
export const choices = signal<readonly BackendChoice[]>([]);

/** The backend that computes; undefined until it has started. */
export const backendInUse = signal<BackendInUse | undefined>(undefined);

/** Why the last choice of a backend failed. */
export const backendFailure = signal<Failure | undefined>(undefined);

/** Rises with every backend that was opened: pages then begin anew. */
export const backendGeneration = signal(0);

/** The device that was lost last, and the generation that ended with it. */
export interface Loss {
  readonly name: BackendName;
  readonly generation: number;
  readonly failure: Failure;
}

export const lastLoss = signal<Loss | undefined>(undefined);

/** Opens a backend. If that fails, the one before stays. */
export async function chooseBackend(name: BackendName): Promise<void> {
  backendFailure.value = undefined;
  try {
    backendInUse.value = await laboratory.useBackend(name);
    backendGeneration.value++;
  } catch (error) {
    backendFailure.value = caught(error);
  }
}

/** After a device was lost, the processor goes on: it works everywhere, and is never lost. */
async function replaceLost(failure: Failure): Promise<void> {
  lastLoss.value = { name: backendInUse.value!.name, generation: backendGeneration.value, failure };
  await chooseBackend('cpu');
}

/** Starts with the backend of the link or the processor, which works everywhere, and then looks which others there are. */
export async function startLaboratory(wanted: BackendName = 'cpu'): Promise<void> {
  await laboratory.onLost(proxy(replaceLost));
  await chooseBackend(wanted);
  if (backendInUse.value === undefined) {
    const failure = backendFailure.value;
    await chooseBackend('cpu');
    backendFailure.value ??= failure;
  }
  choices.value = await laboratory.backends();
}

// The page's side of a failure: an error to throw and to catch.

import type { Remote } from 'comlink';
import type { Answering } from './answer.ts';
import type { Failure } from './failure.ts';
import type { Laboratory } from './worker.ts';

/** A function of the worker has failed. */
class LaboratoryError extends Error {
  override name = 'LaboratoryError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail || failure.kind);
    this.failure = failure;
  }
}

/** The failure behind anything that was caught. */
export function caught(error: unknown): Failure {
  if (error instanceof LaboratoryError) return error.failure;
  return { kind: 'unexpected', detail: error instanceof Error ? error.message : String(error) };
}

/** The worker's functions as the page calls them. */
export type Calls = {
  readonly [K in keyof Laboratory]: (...given: Parameters<Laboratory[K]>) => Promise<Awaited<ReturnType<Laboratory[K]>>>;
};

/** Functions that return the value of an answer, or throw its failure as a `LaboratoryError`. */
export function unwrapped(remote: Remote<Answering<Laboratory>>): Calls {
  const functions = remote as unknown as Record<string, (...given: unknown[]) => Promise<{ value: unknown } | { failure: Failure }>>;
  return new Proxy({} as Calls, {
    get:
      (_, name: string) =>
      async (...given: unknown[]) => {
        const answer = await functions[name]!(...given);
        if ('failure' in answer) throw new LaboratoryError(answer.failure);
        return answer.value;
      },
  });
}

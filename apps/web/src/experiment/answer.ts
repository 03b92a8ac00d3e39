// How the worker answers the page. Errors would lose their class on the way, so an answer is a value or a failure, as data.

import type { Failure } from './failure.ts';
import { failureOf } from './failure-of.ts';
import { transferred } from './frames.ts';

type Answer<T> = { readonly value: T } | { readonly failure: Failure };

type Functions = Readonly<Record<string, (...given: never[]) => unknown>>;

/** Functions whose results are answers. */
export type Answering<F extends Functions> = {
  readonly [K in keyof F]: (...given: Parameters<F[K]>) => Promise<Answer<Awaited<ReturnType<F[K]>>>>;
};

/** For the worker: functions that never throw. Arrays in their results are handed over to the page, not copied. */
export function answering<F extends Functions>(functions: F): Answering<F> {
  const safe =
    (call: (...given: never[]) => unknown) =>
    async (...given: never[]): Promise<Answer<unknown>> => {
      try {
        return transferred({ value: await call(...given) });
      } catch (error) {
        return { failure: failureOf(error) };
      }
    };
  return Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, safe(call)])) as unknown as Answering<F>;
}

import { callable } from './checks.ts';
import { SinapseError } from './errors.ts';
import { checkValue } from './options.ts';

/** @throws SinapseError unless a callback is a function */
export function checkCallback(op: string, callback: unknown): void {
  if (typeof callback !== 'function') checkValue(op, callback, callable, 'callback');
}

/**
 * Calls a callback that must be synchronous. Scopes, backends in use and recordings end when the callback returns; asynchronous code would
 * go on without them.
 * @throws SinapseError when the callback is no function, or its result is a promise
 */
export function synchronously<T>(op: string, callback: () => T): T {
  checkCallback(op, callback);
  const result = callback();
  if (typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function') {
    (result as PromiseLike<unknown>).then(undefined, () => {}); // the error below is the one to hear of
    throw new SinapseError(
      `${op}: the callback returned a promise; it must be synchronous (in asynchronous code, use \`using\` or dispose())`,
    );
  }
  return result;
}

import { SinapseError } from './errors.ts';

/**
 * The result of a callback that must be synchronous. Scopes, backends in use and recordings end when the callback returns; asynchronous code would
 * go on without them.
 * @throws SinapseError when the result is a promise
 */
export function requireSynchronous<T>(name: string, result: T): T {
  if (typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function') {
    throw new SinapseError(
      `${name}: the callback returned a promise; it must be synchronous (in asynchronous code, use \`using\` or dispose())`,
    );
  }
  return result;
}

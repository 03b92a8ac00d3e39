import { SinapseError } from './errors.ts';

/**
 * What a callback that must be synchronous returned. Scopes, backends in use and recordings are left when the callback returns; a promise would
 * go on without them.
 * @throws SinapseError when it is a promise
 */
export function requireSynchronous<T>(name: string, result: T): T {
  if (typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function') {
    throw new SinapseError(
      `${name}: the callback returned a promise; it must be synchronous (in asynchronous code, use \`using\` or dispose())`,
    );
  }
  return result;
}

// Backends for the tests: the reference, and the same one answering reads later, as a graphics card does.

import { reference } from '@sinapse/backend-reference';
import type { Backend } from '@sinapse/core';

/** Freed memory is filled with NaN, so that a use after release shows. */
export function poisoned(): Backend {
  return reference({ poison: true });
}

/** Reads only asynchronously, a turn of the event loop later. */
export function asynchronous(): Backend {
  const backend = poisoned();
  return new Proxy(backend, {
    get(target, name) {
      if (name === 'readSync') return undefined;
      if (name === 'info') return { ...target.info, reading: 'waits' };
      if (name === 'read') {
        return (view: Parameters<Backend['read']>[0]) => {
          const values = target.readSync!(view); // as they are now
          return new Promise((resolve) => setTimeout(() => resolve(values)));
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

// The backend of most tests. Those of what answers late are held on the testkit's double.

import { reference } from '@sinapse/backend-reference';
import type { Backend } from '@sinapse/core';

/** Freed memory is filled with NaN, so that a use after release shows. */
export function poisoned(): Backend {
  return reference({ poison: true });
}

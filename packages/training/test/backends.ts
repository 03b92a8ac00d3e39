// The backend of most tests. Tests of late answers use the testkit's double.

import { reference } from '@sinapse/backend-reference';
import type { Backend } from '@sinapse/core';

/** A reference backend that fills freed memory with NaN, which reveals a use after release. */
export function poisoned(): Backend {
  return reference({ poison: true });
}

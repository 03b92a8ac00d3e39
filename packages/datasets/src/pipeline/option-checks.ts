// Checks of options that several functions of this package take.

import type { Check } from '@sinapse/core';
import { RandomKey, check } from '@sinapse/core';

export const SIGNAL: Check = {
  expected: 'an AbortSignal',
  accepts: (value) => typeof value === 'object' && value !== null && 'addEventListener' in value,
};

export const SEED: Check = {
  expected: 'an integer from 0 to 2^53 - 1',
  accepts: (value) => value instanceof RandomKey || check.integer(0, Number.MAX_SAFE_INTEGER).accepts(value),
};

// The results as JSON: everything that was measured, and the ratios.

import type { Results } from './results.ts';
import { ratiosOf } from './results.ts';

/** Changes when the meaning of a field does. */
const VERSION = 1;

export function toJson(results: Results): string {
  return `${JSON.stringify({ version: VERSION, ...results, ratios: ratiosOf(results) }, null, 2)}\n`;
}

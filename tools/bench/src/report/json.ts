// The results as JSON: all measurements, and the ratios.

import type { Results } from './results.ts';
import { ratiosOf } from './results.ts';

/** Version of the format: it changes when the meaning of a field changes. */
const VERSION = 1;

export function toJson(results: Results): string {
  return `${JSON.stringify({ version: VERSION, ...results, ratios: ratiosOf(results) }, null, 2)}\n`;
}

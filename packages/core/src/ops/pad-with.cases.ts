// Borders of a tensor's own values.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, variants } from '../cases/gradient-case.ts';
import { padWith } from './pad-with.ts';
import { square } from './unary.ts';

export const padWithCases: OpCases = {
  padWith: variants(
    ['edge', 'reflect', 'symmetric', 'wrap'] as const,
    (mode) => `padWith ${mode}`,
    [away(3, 2)],
    (mode) => (x) => square(padWith(x, [[1, 2], [0, 3]], mode)), // prettier-ignore
  ),
};

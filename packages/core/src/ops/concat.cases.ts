// Joining tensors, and taking them apart.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { concat, stack, unstack } from './concat.ts';
import { square } from './unary.ts';

export const concatCases: OpCases = {
  concat: [
    gradientCase('concat', [away(2, 3), away(2, 1), away(2, 2)], (...xs) => square(concat(xs, 1))),
    gradientCase('concat of a tensor with itself', [away(2, 3)], (x) => square(concat([x, x]))),
  ],
  stack: [gradientCase('stack', [away(2, 3), away(2, 3)], (...xs) => square(stack(xs, 1)))],
  unstack: [gradientCase('unstack', [away(3, 2)], (x) => square(unstack(x)[1]!.mul(unstack(x, 0)[2]!)))],
};

// Other shapes of the same values.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { expandDims, flatten, reshape, squeeze } from './reshape.ts';
import { square } from './unary.ts';

export const reshapeCases: OpCases = {
  reshape: [gradientCase('reshape', [away(3, 4)], (x) => square(reshape(x, [2, -1])))],
  flatten: [gradientCase('flatten', [away(2, 3, 2)], (x) => square(flatten(x, 1)))],
  expandDims: [gradientCase('expandDims and squeeze', [away(3, 2)], (x) => squeeze(square(expandDims(x, 1))))],
};

// Normalisation of each example by itself.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive } from '../cases/gradient-case.ts';
import { groupNorm } from './group-norm.ts';
import { layerNorm } from './layer-norm.ts';
import { rmsNorm } from './rms-norm.ts';
import { square } from './unary.ts';

/** Results are squared where a check would sum the squares of normalised values, which do not depend on x. */
export const layerNormCases: OpCases = {
  layerNorm: [
    gradientCase('layerNorm', [away(3, 4)], (x) => square(layerNorm(x))),
    gradientCase('layerNorm over two axes', [away(2, 3, 4), positive(3, 4), away(3, 4)], (x, scale, offset) =>
      layerNorm(x, { axis: [1, 2], scale, offset, epsilon: 0.1 }),
    ),
    gradientCase('layerNorm over a middle axis', [away(2, 4, 3), positive(4)], (x, scale) => layerNorm(x, { axis: 1, scale })),
  ],
  rmsNorm: [
    gradientCase('rmsNorm', [away(3, 4)], (x) => square(rmsNorm(x))),
    gradientCase('rmsNorm over two axes', [away(2, 3, 4), positive(3, 4)], (x, scale) => rmsNorm(x, { axis: [1, 2], scale, epsilon: 0.1 })),
  ],
  groupNorm: [
    gradientCase('groupNorm', [away(2, 3, 4), positive(4), away(4)], (x, scale, offset) => groupNorm(x, 2, { scale, offset })),
    gradientCase('groupNorm of single channels', [away(2, 2, 2, 3)], (x) => square(groupNorm(x, 3, { epsilon: 0.1 }))),
  ],
};

// Running products, also of zeros.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import { cumulativeProduct } from './cumulative-product.ts';

export const cumulativeProductCases: OpCases = {
  cumulativeProduct: [
    ...variants(
      [
        { axis: 0, exclusive: false, reverse: false },
        { axis: 1, exclusive: true, reverse: false },
        { axis: -1, exclusive: false, reverse: true },
        { axis: 1, exclusive: true, reverse: true },
      ],
      (options) => `cumulativeProduct ${JSON.stringify(options)}`,
      [away(2, 5, 3)],
      (options) => (x) => cumulativeProduct(x, options),
    ),
    gradientCase('cumulativeProduct with zeros', [away(6)], (x) => cumulativeProduct(x.mul(tensor([1, 0, 1, 1, 0, 1]).cast(x.dtype)))),
  ],
};

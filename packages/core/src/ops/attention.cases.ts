// Attention, with masks.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { greater } from './comparison.ts';
import { attention } from './attention.ts';

const inputs = [away(2, 3, 4), away(2, 5, 4), away(2, 5, 2)];

export const attentionCases: OpCases = {
  attention: [
    gradientCase('attention', inputs, (query, key, value) => attention(query, key, value)),
    gradientCase('attention, causal', [away(4, 3), away(4, 3), away(4, 2)], (query, key, value) =>
      attention(query, key, value, { causal: true }),
    ),
    gradientCase('attention, masked', inputs, (query, key, value) =>
      attention(query, key, value, { mask: greater(value.slice([0, null, 0]), -0.8) }),
    ),
    gradientCase('attention, dropped', inputs, (query, key, value) => attention(query, key, value, { dropout: 0.4, seed: 7 })),
  ],
};

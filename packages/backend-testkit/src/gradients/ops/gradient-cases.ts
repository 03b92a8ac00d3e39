// Every differentiable op of core.

import { axisGradients } from './along-axes.ts';
import { elementwiseGradients } from './elementwise.ts';
import { fusedGradients } from './fused.ts';
import type { GradientCase } from './gradient-case.ts';
import { movementGradients } from './movement.ts';
import { productGradients } from './products.ts';
import { recurrentGradients } from './recurrent.ts';

export const gradientCases: readonly GradientCase[] = [
  ...elementwiseGradients,
  ...fusedGradients,
  ...axisGradients,
  ...movementGradients,
  ...productGradients,
  ...recurrentGradients,
];

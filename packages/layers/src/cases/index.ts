// The cases of all layers. `every-layer.test.ts` runs each, and fails for a layer that has none.

import { containerCases } from './container.ts';
import { convolutionCases } from './convolution.ts';
import { denseCases } from './dense.ts';
import { filterCases } from './filters.ts';
import type { LayerCase } from './layer-case.ts';
import { noiseCases } from './noise.ts';
import { normalisationCases } from './normalisation.ts';
import { poolingCases } from './pooling.ts';
import { regularisationCases } from './regularisation.ts';
import { sequenceCases } from './sequence.ts';
import { shapeCases } from './shape.ts';
import { spaceCases } from './space.ts';

export type { LayerCase, LayerExample } from './layer-case.ts';
export { Draws } from './layer-case.ts';

export const layerCases: readonly LayerCase[] = [
  ...containerCases,
  ...convolutionCases,
  ...denseCases,
  ...filterCases,
  ...noiseCases,
  ...normalisationCases,
  ...poolingCases,
  ...regularisationCases,
  ...sequenceCases,
  ...shapeCases,
  ...spaceCases,
];

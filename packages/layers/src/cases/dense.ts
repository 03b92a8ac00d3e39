// Dense layers and activations.

import type { ActivationName } from '../activation-option.ts';
import { activationNames } from '../activation-option.ts';
import { activation } from '../activation.ts';
import { dense } from '../dense.ts';
import { normal } from '../initializers/distributions.ts';
import { prelu } from '../prelu.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

const biasInitializer = normal({ deviation: 0.5 });

export const denseCases: readonly LayerCase[] = [
  layerCase('dense', (random) => {
    const units = random.integer(1, 5);
    const rest = random.lengths(random.integer(0, 2));
    const options = { units, activation: random.activation(), useBias: random.flag(), biasInitializer };
    return { layer: dense(options), inputShape: [...rest, random.integer(1, 6)], outputShape: [...rest, units] };
  }),
  layerCase('prelu', (random) => {
    const shape = random.lengths(random.integer(1, 3));
    const axes = shape.map((_, i) => i + 1);
    const options = random.pick([{}, { sharedAxes: [] }, { sharedAxes: axes }, { alphaRegularizer: { l2: 0.1 } }]);
    return { layer: prelu(options), inputShape: shape, outputShape: shape };
  }),
  ...activationNames.map((name: ActivationName) =>
    layerCase(`activation, ${name}`, (random) => {
      const [rest, pieces] = [random.lengths(random.integer(0, 1)), random.integer(2, 3)];
      const [channels, kept] = name === 'maxout' ? [2 * pieces, 2] : [6, 6];
      const option = name === 'maxout' ? ({ name, pieces } as const) : name;
      return { layer: activation(option), inputShape: [...rest, channels], outputShape: [...rest, kept] };
    }),
  ),
];

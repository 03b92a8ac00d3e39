// Normalisation.

import type { Shape } from '@sinapse/core';
import { batchNorm } from '../batch-norm.ts';
import { groupNorm } from '../group-norm.ts';
import { instanceNorm } from '../instance-norm.ts';
import { layerNorm } from '../layer-norm.ts';
import { localResponseNorm } from '../local-response-norm.ts';
import { rmsNorm } from '../rms-norm.ts';
import type { Draws, LayerCase, LayerExample } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

/** Epsilons for which a variance near 0 does not make gradients steep. */
const epsilon = (random: Draws): number => random.number(1e-3, 0.1);
const affine = (random: Draws): { center: boolean; scale: boolean } => ({ center: random.flag(), scale: random.flag() });
const same = (layer: LayerExample['layer'], shape: Shape): LayerExample => ({ layer, inputShape: shape, outputShape: shape });

export const normalisationCases: readonly LayerCase[] = [
  layerCase('batchNorm', (random) => {
    const shape = [...random.lengths(random.integer(0, 2)), random.integer(2, 4)];
    return same(batchNorm({ momentum: random.number(0, 0.9), epsilon: epsilon(random), activation: random.activation() }), shape);
  }),
  layerCase('batchNorm, without scale or offset', (random) => same(batchNorm({ ...affine(random), epsilon: epsilon(random) }), [3, 2])),
  layerCase('layerNorm', (random) => {
    const shape = [...random.lengths(random.integer(0, 2)), random.integer(2, 4)];
    return same(layerNorm({ ...affine(random), epsilon: epsilon(random) }), shape);
  }),
  layerCase('layerNorm, over several axes', (random) => {
    return same(layerNorm({ ...affine(random), axis: random.pick([[1, 2], [-1, 1], 2]), epsilon: epsilon(random) }), [3, 2, 2]); // prettier-ignore
  }),
  layerCase('rmsNorm', (random) => {
    const options = { axis: random.pick([-1, 1, [1, 2]]), scale: random.flag(), epsilon: epsilon(random) };
    return same(rmsNorm(options), [random.integer(2, 4), random.integer(2, 4)]);
  }),
  layerCase('groupNorm', (random) => {
    const groups = random.integer(1, 3);
    const channels = groups * random.integer(1, 2);
    return same(groupNorm({ groups, ...affine(random), epsilon: epsilon(random) }), [...random.lengths(random.integer(1, 2)), 2, channels]);
  }),
  layerCase('instanceNorm', (random) => {
    const shape = [2, ...random.lengths(random.integer(0, 1)), random.integer(1, 3)];
    return same(instanceNorm({ ...affine(random), epsilon: epsilon(random) }), shape);
  }),
  layerCase('localResponseNorm', (random) => {
    const shape = [...random.lengths(random.integer(0, 2)), random.integer(1, 7)];
    const options = { size: random.pick([1, 3, 5]), alpha: random.number(0, 1), beta: random.number(0, 1), k: random.number(0.5, 2) };
    return { layer: localResponseNorm(options), inputShape: shape, outputShape: shape };
  }),
];

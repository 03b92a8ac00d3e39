// Layers of sequences: embeddings, positions and attention.

import type { Seed, Shape, Tensor } from '@sinapse/core';
import { cast, floor, randomUniform } from '@sinapse/core';
import { dense } from '../dense.ts';
import { embedding } from '../embedding.ts';
import { graph } from '../graph/graph.ts';
import { connect, input } from '../graph/symbolic-tensor.ts';
import { multiHeadAttention } from '../multi-head-attention.ts';
import { positionEmbedding } from '../position-embedding.ts';
import { positionalEncoding } from '../positional-encoding.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

/** int32 ids from 0 to count - 1. */
const ids =
  (count: number) =>
  (shape: Shape, seed: Seed): Tensor =>
    cast(floor(randomUniform(shape, { seed, high: count })), 'int32');

export const sequenceCases: readonly LayerCase[] = [
  layerCase('embedding', (random) => {
    const [inputDim, outputDim, shape] = [random.integer(1, 5), random.integer(1, 4), random.lengths(random.integer(0, 2))];
    return { layer: embedding({ inputDim, outputDim }), inputShape: shape, outputShape: [...shape, outputDim], batch: ids(inputDim) };
  }),
  layerCase('positionalEncoding', (random) => {
    const shape = random.lengths(2);
    return { layer: positionalEncoding({ base: random.number(2, 1e4) }), inputShape: shape, outputShape: shape };
  }),
  layerCase('positionEmbedding', (random) => {
    const [time, features] = random.lengths(2) as [number, number];
    const options = random.flag() ? {} : { length: time + random.integer(0, 2) };
    return { layer: positionEmbedding(options), inputShape: [time, features], outputShape: [time, features] };
  }),
  layerCase('multiHeadAttention', (random) => {
    const [numHeads, keyDim, features] = [random.integer(1, 2), random.integer(1, 3), random.integer(2, 3)];
    const outputDim = random.pick([undefined, 2]);
    const options = { valueDim: random.integer(1, 2), causal: random.flag(), useBias: random.flag() };
    return {
      layer: multiHeadAttention({ numHeads, keyDim, ...options, ...(outputDim !== undefined && { outputDim }), dropout: 0.2 }),
      inputShape: [3, features],
      outputShape: [3, outputDim ?? features],
    };
  }),
  layerCase('graph, cross-attention', (random) => {
    const [query, causal] = [input([3, 4]), random.flag()];
    const memory = query.to(dense({ units: 2, activation: 'tanh' }));
    const outputs = connect([query, memory], multiHeadAttention({ numHeads: 2, keyDim: 2, causal }));
    return { layer: graph({ inputs: query, outputs }), inputShape: [3, 4], outputShape: [3, 4] };
  }),
];

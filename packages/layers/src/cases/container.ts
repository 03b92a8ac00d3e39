// Layers that hold layers.

import { branches } from '../branches.ts';
import { conv2d } from '../conv2d.ts';
import { convNorm } from '../conv-norm.ts';
import { denseConnection } from '../dense-connection.ts';
import { dense } from '../dense.ts';
import { dropout } from '../dropout.ts';
import { flatten } from '../flatten.ts';
import { graph } from '../graph/graph.ts';
import { connect, input } from '../graph/symbolic-tensor.ts';
import { identityShortcut } from '../identity-shortcut.ts';
import { maxPool2d } from '../max-pool2d.ts';
import { add } from '../merge/add.ts';
import { average } from '../merge/average.ts';
import { concatenate } from '../merge/concatenate.ts';
import { maximum } from '../merge/maximum.ts';
import { multiply } from '../merge/multiply.ts';
import { pruned } from '../pruning/pruned.ts';
import { residual } from '../residual.ts';
import { sequential } from '../sequential.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

/** How branches that give [n] are joined, and the length of the result for two of them. */
const MERGES = [['concatenate', 6], ['add', 3], ['multiply', 3], ['average', 3], ['maximum', 3]] as const; // prettier-ignore

export const containerCases: readonly LayerCase[] = [
  layerCase('sequential', (random) => {
    const units = random.integer(1, 3);
    const layers = [conv2d({ filters: 2, kernelSize: 2, activation: 'tanh' }), maxPool2d(), flatten(), dropout({ rate: 0.2 })];
    return { layer: sequential([...layers, ['last', dense({ units })]]), inputShape: [4, 5, 2], outputShape: [units] };
  }),
  layerCase('pruned', (random) => {
    const units = random.integer(1, 3);
    return { layer: pruned(dense({ units, activation: random.activation() })), inputShape: [3], outputShape: [units] };
  }),
  layerCase('pruned, with normalisation', () => ({
    layer: pruned(convNorm({ filters: 2, kernelSize: 1 })),
    inputShape: [2, 2, 3],
    outputShape: [2, 2, 2],
  })),
  layerCase('residual', (random) => ({
    layer: residual([dense({ units: 3, activation: 'tanh' }), dense({ units: 3 })], { activation: random.activation() }),
    inputShape: [3],
    outputShape: [3],
  })),
  layerCase('residual, with a shortcut', (random) => {
    const strides = random.integer(1, 2);
    const layers = [
      convNorm({ filters: 3, kernelSize: 3, strides, padding: 1, activation: 'sigmoid' }),
      convNorm({ filters: 4, kernelSize: 3, padding: 1 }),
    ];
    return {
      layer: residual(layers, { activation: 'tanh', shortcut: identityShortcut({ filters: 4, strides }) }),
      inputShape: [4, 4, 2],
      outputShape: [4 / strides, 4 / strides, 4],
    };
  }),
  ...MERGES.map(([merge, length]) =>
    layerCase(`branches, ${merge}`, (random) => ({
      layer: branches(
        { left: [dense({ units: 3, activation: random.activation() })], right: random.flag() ? [] : [dropout({ rate: 0.3 })] },
        merge,
      ),
      inputShape: [3],
      outputShape: [length],
    })),
  ),
  layerCase('branches, a merge along the width', (random) => {
    const filters = random.integer(1, 2);
    return {
      layer: branches(
        [[conv2d({ filters, kernelSize: 1 })], [conv2d({ filters, kernelSize: [1, 2] }), dropout({ rate: 0.3 })]],
        concatenate({ axis: 2 }),
      ),
      inputShape: [2, 3, 2],
      outputShape: [2, 5, filters],
    };
  }),
  layerCase('denseConnection', (random) => {
    const filters = random.integer(1, 3);
    return {
      layer: denseConnection([
        convNorm({ filters: 2, kernelSize: 1, activation: 'tanh' }),
        conv2d({ filters, kernelSize: 3, padding: 'same' }),
      ]),
      inputShape: [3, 3, 2],
      outputShape: [3, 3, 2 + filters],
    };
  }),
  layerCase('graph', (random) => {
    const [x, shared] = [input([4]), dense({ units: 4, activation: 'tanh' })];
    const [a, b] = [x.to(['shared', shared]), x.to(dense({ units: 4 }), dropout({ rate: 0.3 }), shared)];
    const merged = [add(), average(), maximum(), multiply()].map((merge) => connect([a, b, x], merge));
    const units = random.integer(1, 3);
    return {
      layer: graph({ inputs: x, outputs: connect(merged, concatenate(), dense({ units })) }),
      inputShape: [4],
      outputShape: [units],
    };
  }),
];
